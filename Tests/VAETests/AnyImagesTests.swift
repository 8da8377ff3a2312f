import Compute
import Dataset
import TestSupport
import Testing
import VAE

/// Stripes whose place goes with the class, on black.
private func stripes(
  _ shape: ImageShape, train: Int = 60, test: Int = 24, classes: Int = 3
) -> Dataset {
  func set(_ count: Int, stream: UInt32) -> ImageSet {
    let philox = Philox(key: (7, stream))
    var pixels: [UInt8] = []
    pixels.reserveCapacity(count * shape.pixels)
    for image in 0..<count {
      let word = philox.block(SIMD4(UInt32(image), 0, 0, 0)).x
      for k in 0..<shape.pixels {
        let isStripe = (k / shape.columns + Int(word % 3)) % (classes + 1) == image % classes
        pixels.append(isStripe ? UInt8(100 + Int(word >> 8) % 150) : 0)
      }
    }
    let labels = (0..<count).map { UInt8($0 % classes) }
    return ImageSet(inMemory: pixels, labels: labels, shape: shape)
  }
  return Dataset(
    name: "stripes", digest: "stripes-\(shape)-\(train)-\(test)", train: set(train, stream: 1),
    test: set(test, stream: 2))
}

private func trained(
  _ architecture: String, _ values: [TrainKey: ParameterValue] = [:], on dataset: Dataset
) throws -> (trainer: Trainer, final: FinalMeasurements) {
  let short: [TrainKey: ParameterValue] = [.epochs: .int(2), .batchSize: .int(16)]
  let trainer = try Trainer(
    configuration: Configuration(
      architecture: Architecture(parsing: architecture), short.merging(values) { $1 }),
    seeds: Seeds(1), dataset: dataset, keeping: ArtifactKind.allPictures)
  let result = try #require(trainer.run { _ in true })
  guard case .completed(let final) = result.ending else {
    throw UnmetRequirement("the run diverged")
  }
  return (trainer, final)
}

private func arrays(_ kind: ArtifactKind, _ trainer: Trainer) throws -> NamedArrays {
  let artifact = try #require(trainer.artifacts.first { $0.kind == kind })
  return try #require(NamedArrays(data: artifact.data))
}

@Suite("Images of any size")
struct AnyImagesTests {
  @Test("are trained on and measured, whatever lanes their pixels fill")
  func trained14x10() throws {
    let shape = ImageShape(rows: 14, columns: 10)
    let dataset = stripes(shape)
    let (trainer, final) = try trained("140-24-2", on: dataset)
    #expect(try #require(final.study[.generationCoverage]) <= 1)
    #expect(final.latents.allSatisfy { $0.gain.isFinite })
    // Whole classes, in their order; the images are the dataset's.
    let reconstructions = try arrays(.reconstructions, trainer)
    #expect(reconstructions.bytes("labels", rank: 1)?.values == [0, 0, 1, 1, 2, 2])
    let originals = try #require(reconstructions.images("originals"))
    #expect((originals.count, originals.rows, originals.columns) == (6, 14, 10))
    #expect(originals.bytes.prefix(140) == Array(dataset.test.pixels.prefix(140))[...])
    #expect(reconstructions["reconstructions"]?.shape == [6, 14, 10])
    #expect(try arrays(.samples, trainer)["images"]?.shape == [225, 14, 10])
    #expect(try arrays(.trajectories, trainer)["digits_labels"]?.shape == [3])
    #expect(try arrays(.trajectories, trainer)["cloud_labels"]?.shape == [18])
  }

  @Test(
    "have their mean loss by hand where a net gives every pixel one half", arguments: [1, 140, 784])
  func untrained(pixels: Int) throws {
    // All parameters zero: logits 0, so that each pixel costs ln 2, padding nothing.
    let layout = ParameterLayout(inputSize: pixels, hidden: [5], latentDim: 2, sampling: false)
    let network = Network(
      layout: layout, settings: NetworkSettings(activation: .relu, loss: .bce, klWeight: 1))
    let set = stripes(ImageShape(rows: 1, columns: pixels)).test
    let noise = RandomStream(name: "evaluation", seed: 0, architecture: "")
    for form in [InputForm.dense, .sparse(maxPerImage: pixels)] {
      let evaluator = Evaluator(network: network, form: form, noise: noise)
      let losses = try #require(
        evaluator.losses(of: set, count: set.count, atMean: true) { true })
      let expected = Double(pixels) * Scalar.log(2)
      #expect(abs(losses.sampled.reconstruction / expected - 1) < 1e-5)
    }
  }

  @Test(
    "may be so small that they have fewer components than the measures use",
    arguments: [(1, 1), (2, 3), (7, 7)])
  func small(rows: Int, columns: Int) throws {
    let shape = ImageShape(rows: rows, columns: columns)
    let (_, final) = try trained("\(shape.pixels)-5-1", on: stripes(shape))
    #expect(try #require(final.study[.generationDensity]).isFinite)
    #expect(try #require(final.study[.generationCoverage]) <= 1)
  }

  @Test(
    "have sheets of two latents that fit in the artifacts of a point with all else",
    arguments: [(48, 50, 15), (56, 57, 13), (64, 64, 11)])
  func large(rows: Int, columns: Int, side: Int) throws {
    let shape = ImageShape(rows: rows, columns: columns)
    // 3,000 steps an epoch: trajectories as long as they come. Five test images have no measures of
    // generation, which take seconds at this size.
    let dataset = stripes(shape, train: 3_000, test: 5, classes: 5)
    let (trainer, final) = try trained(
      "\(shape.pixels)-1-2", [.epochs: .int(10), .batchSize: .int(1)], on: dataset)
    #expect(final.study[.generationCoverage] == nil)
    let samples = try arrays(.samples, trainer)
    let codes = try #require(samples.floats("codes", rank: 2))
    #expect(codes.shape == [side * side, 2])
    #expect(samples["images"]?.shape == [side * side, rows, columns])
    // The middle of the grid is the middle of the prior.
    #expect(codes.values[side * side - 1] == 0)
    let total = trainer.artifacts.reduce(0) { $0 + $1.data.count }
    let missing = 4_995 * 17 + 15 * (2 * shape.pixels + 1) + 5 * 202 * 16 + 30 * 202 * 16
    #expect(total + missing <= Artifact.largestTotal)
  }

  @Test("are refused with an architecture of another input, in one line")
  func refused() throws {
    let error = #expect(throws: InvalidValue.self) {
      _ = try trained("784-24-2", on: stripes(ImageShape(rows: 14, columns: 10)))
    }
    #expect(
      error?.description
        == "architecture: 784-24-2 is not accepted: it must be one that begins with 140, "
        + "the pixels of the 14 × 10 images of stripes")
  }

  @Test("An architecture has an input of 1 to 4096 pixels, and keeps it")
  func architecture() throws {
    for text in ["1-2-1", "140-64-2", "4096-9-8-3"] {
      #expect(try Architecture(parsing: text).description == text)
    }
    for text in ["0-2-1", "4097-2-1", "140-2", "x-2-1"] {
      #expect(throws: InvalidValue.self) { try Architecture(parsing: text) }
    }
    #expect(throws: InvalidValue.self) { try Architecture(input: 0, hidden: [1], latentDim: 1) }
    #expect(
      try Architecture(input: 140, hidden: [64], latentDim: 2)
        != Architecture(hidden: [64], latentDim: 2))
  }

  @Test("Images of 28 × 28 are kept as they always were, others with their size")
  func arraysOfImages() throws {
    func array(_ rows: Int, _ columns: Int) -> NamedArrays.Entry? {
      var arrays = NamedArrays()
      let bytes = [UInt8](repeating: 3, count: 2 * rows * columns)
      let images = PicturedImages(count: 2, rows: rows, columns: columns, bytes: bytes)
      arrays.set("images", images)
      #expect(NamedArrays(data: arrays.data)?.images("images") == images)
      return arrays["images"]
    }
    #expect(array(28, 28)?.shape == [2, 784])
    #expect(array(14, 56)?.shape == [2, 14, 56])
    #expect(array(1, 1)?.shape == [2, 1, 1])
  }
}
