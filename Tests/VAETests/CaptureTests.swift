import Compute
import Dataset
import Sweep
import TestSupport
import Testing
import VAE

/// Blobs under labels 0 to 9, but no 7 among the training images.
private func labelled(train: Int = 300, test: Int = 120) -> Dataset {
  func set(_ stream: Int, _ count: Int, _ label: (Int) -> Int) -> ImageSet {
    ImageSet(
      inMemory: BlobImages.bytes(stream: stream, count: count),
      labels: (0..<count).map { UInt8(label($0)) })
  }
  return Dataset(
    name: "labelled", digest: "labelled-\(train)-\(test)",
    train: set(1, train) { $0 % 10 == 7 ? 8 : $0 % 10 }, test: set(2, test) { $0 * 3 % 10 })
}

private func run(
  _ architecture: String, _ values: [TrainKey: ParameterValue] = [:],
  pictures: Set<ArtifactKind> = [], on dataset: Dataset = labelled()
) throws -> (trainer: Trainer, result: TrainingResult) {
  let short: [TrainKey: ParameterValue] = [.epochs: .int(2), .batchSize: .int(64)]
  let trainer = try Trainer(
    configuration: Configuration(
      architecture: Architecture(parsing: architecture), short.merging(values) { _, given in given }
    ),
    seeds: Seeds(3), dataset: dataset, keeping: pictures)
  return (trainer, try #require(trainer.run { _ in true }))
}

private func study(_ result: TrainingResult) throws -> StudyMeasures {
  guard case .completed(let final) = result.ending else {
    throw UnmetRequirement("the run diverged")
  }
  return final.study
}

@Suite("A run's measures")
struct RunMeasureTests {
  @Test("are those that apply, with sampling and without", arguments: [true, false], [2, 5])
  func present(sampling: Bool, epochs: Int) throws {
    let (trainer, result) = try run(
      "784-24-2", [.sampling: .bool(sampling), .epochs: .int(epochs)])
    let study = try study(result)
    let configuration = try Configuration(
      architecture: Architecture(parsing: "784-24-2"),
      [.sampling: .bool(sampling), .epochs: .int(epochs)])
    for measure in StudyMeasure.allCases {
      #expect((study[measure] != nil) == measure.applies(to: configuration), "\(measure)")
    }
    #expect(trainer.artifacts.isEmpty)
    #expect(try #require(study[.generationCoverage]) <= 1)
    if sampling { #expect(abs(try #require(study[.radiusStart]) - 1) < 0.5) }
    guard case .completed(let final) = result.ending else { return }
    for latent in final.latents {
      #expect(latent.aggregateVariance == latent.varMu + (latent.meanSigma2 ?? 0))
      #expect(latent.meanMu != 0)
    }
  }

  @Test("are the same whether pictures are asked for or not", arguments: [true, false])
  func picturesChangeNothing(sampling: Bool) throws {
    let values: [TrainKey: ParameterValue] = [.sampling: .bool(sampling), .epochs: .int(6)]
    let plain = try run("784-24-2", values)
    let shown = try run("784-24-2", values, pictures: ArtifactKind.allPictures)
    #expect(plain.result == shown.result)
    #expect(plain.trainer.captured == shown.trainer.captured)
    #expect(shown.trainer.artifacts.count == (sampling ? 4 : 3))
    #expect(plain.trainer.artifacts.isEmpty)
    #expect(
      try run("784-24-2", values, pictures: ArtifactKind.allPictures).trainer.artifacts
        == shown.trainer.artifacts)
  }

  @Test("have the likelihood beside them that a trained network is measured to have")
  func likelihood() throws {
    let effort = Likelihood.Effort(draws: 10, images: 20)
    let (trainer, result) = try run("784-24-2", pictures: [.codes, .likelihood(effort)])
    #expect(trainer.artifacts.map(\.kind) == [.codes, .likelihood(effort)])
    let kept = try #require(NamedArrays(data: trainer.artifacts[1].data).flatMap(Likelihood.init))
    #expect(kept == trainer.likelihood(effort) { true })
    #expect(kept.draws == 10 && kept.images == 20 && kept.boundError > 0)
    #expect(try run("784-24-2").result == result)
    let plain = try run(
      "784-24-2", [.sampling: .bool(false)], pictures: [.likelihood(effort)]
    ).trainer
    #expect(plain.artifacts.isEmpty)
  }

  @Test("end with the run where it is stopped in the middle of the likelihood")
  func stoppedLikelihood() throws {
    let trainer = try Trainer(
      configuration: Configuration(
        architecture: Architecture(parsing: "784-24-2"), [.epochs: .int(1)]),
      seeds: Seeds(3), dataset: labelled(), keeping: [.likelihood(Likelihood.Effort(draws: 5))])
    // The likelihood asks often: one question before the last is one of its own.
    var questions = 0
    _ = trainer.run { _ in
      questions += 1
      return true
    }
    let again = try Trainer(
      configuration: Configuration(
        architecture: Architecture(parsing: "784-24-2"), [.epochs: .int(1)]),
      seeds: Seeds(3), dataset: labelled(), keeping: [.likelihood(Likelihood.Effort(draws: 5))])
    var asked = 0
    let result = again.run { _ in
      asked += 1
      return asked < questions - 1
    }
    #expect(result == nil)
    #expect(again.artifacts.isEmpty)
  }

  @Test("are missing with too few test images, and the run is whole")
  func fewImages() throws {
    let study = try study(run("784-9-2", on: labelled(test: 5)).result)
    #expect(study[.generationDensity] == nil)
    #expect(study[.coverage] != nil)
  }

  @Test("are none of a run that diverged, and neither are artifacts")
  func diverged() throws {
    let (trainer, result) = try run(
      "784-24-2", [.learningRate: .double(1e6), .epochs: .int(20)],
      pictures: ArtifactKind.allPictures)
    guard case .diverged = result.ending else {
      Issue.record("it did not diverge")
      return
    }
    #expect(trainer.artifacts.isEmpty)
  }

  @Test("take the reference of the dataset from beside its cache file, and make a damaged one anew")
  func keptReference() throws {
    let folder = try TemporaryFolder()
    let folders = DataFolders(explicit: nil, environment: ["XDG_CACHE_HOME": folder.path])
    let name = try DatasetName(parsing: "digits:300:120")
    let prepared = try prepareDataset(name, folders: folders, allowFetch: false) { _ in }
    let dataset = try prepared.open()
    let first = try study(run("784-9-2", on: dataset).result)
    let kept = try #require(dataset.companion(ImageReference.suffix))
    #expect(try study(run("784-9-2", on: dataset).result) == first)
    for place in [0, 40, kept.count / 2, kept.count - 1] {
      var damaged = kept
      damaged[place] ^= 1
      #expect(dataset.keepCompanion(ImageReference.suffix, damaged))
      #expect(try study(run("784-9-2", on: dataset).result) == first)
      #expect(dataset.companion(ImageReference.suffix) == kept)
    }
    #expect(dataset.keepCompanion(ImageReference.suffix, [1, 2, 3]))
    #expect(try study(run("784-9-2", on: dataset).result) == first)
    let inMemory = Dataset(
      name: "digits", digest: dataset.digest, train: dataset.train, test: dataset.test)
    #expect(try study(run("784-9-2", on: inMemory).result) == first)
    #expect(!inMemory.keepCompanion(ImageReference.suffix, kept))
  }
}

@Suite("What is kept of a run for its pictures")
struct ArtifactTests {
  private func arrays(_ kind: ArtifactKind, _ trainer: Trainer) throws -> NamedArrays {
    let artifact = try #require(trainer.artifacts.first { $0.kind == kind })
    return try #require(NamedArrays(data: artifact.data))
  }

  @Test("Of more than ten classes, as letters have, pictures show the first ten that occur")
  func manyClasses() throws {
    func set(_ stream: Int, _ count: Int) -> ImageSet {
      ImageSet(
        inMemory: BlobImages.bytes(stream: stream, count: count),
        labels: (0..<count).map { UInt8(1 + $0 % 26) })
    }
    let letters = Dataset(
      name: "letters", digest: "letters", train: set(1, 300), test: set(2, 120))
    let trainer = try run(
      "784-9-2", pictures: [.reconstructions, .trajectories], on: letters
    ).trainer
    let reconstructions = try arrays(.reconstructions, trainer).bytes("labels", rank: 1)
    #expect(reconstructions?.values == (2..<22).map { UInt8($0 / 2) })
    let tracks = try arrays(.trajectories, trainer).bytes("digits_labels", rank: 1)
    #expect(tracks?.values == Array(1...10))
  }

  @Test("has the arrays that its kind names", arguments: [true, false])
  func shapes(sampling: Bool) throws {
    let trainer = try run(
      "784-24-2", [.sampling: .bool(sampling), .epochs: .int(2)],
      pictures: ArtifactKind.allPictures
    ).trainer
    let codes = try arrays(.codes, trainer)
    #expect(codes.bytes("labels", rank: 1)?.values.prefix(4) == [0, 3, 6, 9])
    #expect(codes.floats("mu", rank: 2)?.shape == [120, 2])
    #expect(codes.floats("sigma2", rank: 2)?.shape == (sampling ? [120, 2] : nil))
    let samples = try arrays(.samples, trainer)
    #expect(samples.bytes("images", rank: 2)?.shape == [225, 784])
    let grid = try #require(samples.floats("codes", rank: 2)?.values)
    // The top left is (lowest, highest), the bottom right (highest, lowest).
    #expect(Array(grid[0..<4]) == [-1.833_914_6, 1.833_914_6, -1.281_551_6, 1.833_914_6])
    #expect(Array(grid.suffix(2)) == [1.833_914_6, -1.833_914_6])
    let reconstructions = try arrays(.reconstructions, trainer)
    let labels = try #require(reconstructions.bytes("labels", rank: 1)?.values)
    #expect(labels == (0..<20).map { UInt8($0 / 2) })
    let originals = try #require(reconstructions.bytes("originals", rank: 2)?.values)
    #expect(originals.prefix(784) == BlobImages.bytes(stream: 2, count: 1)[...])
    #expect(reconstructions.bytes("reconstructions", rank: 2)?.shape == [20, 784])
    let total = trainer.artifacts.reduce(0) { $0 + $1.data.count }
    #expect(total <= Artifact.largestTotal)
  }

  @Test(
    "is grids of three and four latents and draws of more",
    arguments: [("784-9-3", 125), ("784-9-4", 81), ("784-9-5", 100), ("784-9-2000", 68)])
  func samples(architecture: String, count: Int) throws {
    let trainer = try run(architecture, [.epochs: .int(1)], pictures: [.samples]).trainer
    let samples = try arrays(.samples, trainer)
    #expect(samples.bytes("images", rank: 2)?.shape == [count, 784])
    let codes = try #require(samples.floats("codes", rank: 2))
    if count == 125 {
      // The second step along a row changes the first latent alone.
      #expect(Array(codes.values[3..<6]) == [-0.524_400_513, -1.281_551_6, -1.281_551_6])
      #expect(Array(codes.values[75..<78]) == [-1.281_551_6, -1.281_551_6, -0.524_400_513])
    }
    if count == 81 { #expect(codes.values[4] == 0 && codes.values[5] == codes.values[1]) }
    if count == 68 { #expect(trainer.artifacts[0].data.count < Artifact.largestTotal) }
  }

  @Test("codes are taken of two and three latents only, trajectories of two with sampling only")
  func applicability() throws {
    let four = try run("784-9-4", [.epochs: .int(1)], pictures: ArtifactKind.allPictures).trainer
    #expect(four.artifacts.map(\.kind) == [.reconstructions, .samples])
    #expect(four.captured.digits.steps.isEmpty)
    let plain = try run(
      "784-9-2", [.epochs: .int(1), .sampling: .bool(false)], pictures: [.trajectories]
    ).trainer
    #expect(plain.artifacts.isEmpty)
  }

  @Test("trajectories run from step 0 to the ends of epochs 5 and 10, at every hundredth step")
  func trajectories() throws {
    // 300 images in batches of 7 are 43 steps an epoch.
    let trainer = try run(
      "784-9-2", [.epochs: .int(11), .batchSize: .int(7)], pictures: [.trajectories]
    ).trainer
    let tracks = try arrays(.trajectories, trainer)
    #expect(tracks.integers("digits_steps", rank: 1)?.values == [0, 100, 200, 215])
    #expect(tracks.integers("cloud_steps", rank: 1)?.values == [43, 100, 200, 300, 400, 430])
    // There is no 7 among the training images.
    #expect(tracks.bytes("digits_labels", rank: 1)?.values == [0, 1, 2, 3, 4, 5, 6, 8, 9])
    let labels = try #require(tracks.bytes("cloud_labels", rank: 1)?.values)
    #expect(labels.prefix(7) == [0, 0, 0, 0, 0, 0, 1])
    #expect(tracks.floats("digits_mu", rank: 3)?.shape == [4, 9, 2])
    #expect(tracks.floats("cloud_sigma2", rank: 3)?.shape == [6, 54, 2])
    // At step 100 both tracks have the first 0, and the first 1 seven places on.
    let digits = try #require(tracks.floats("digits_mu", rank: 3)?.values)
    let cloud = try #require(tracks.floats("cloud_mu", rank: 3)?.values)
    #expect(digits[18..<20] == cloud[108..<110])
    #expect(digits[20..<22] == cloud[120..<122])
    #expect(try #require(tracks.floats("digits_sigma2", rank: 3)).values.allSatisfy { $0 > 0 })
  }

  @Test("a run of one epoch gives the trajectories it has")
  func oneEpoch() throws {
    let trainer = try run("784-9-2", [.epochs: .int(1)], pictures: [.trajectories]).trainer
    let tracks = try arrays(.trajectories, trainer)
    #expect(tracks.integers("digits_steps", rank: 1)?.values == [0, 5])
    #expect(tracks.integers("cloud_steps", rank: 1)?.values == [5])
  }

  @Test("a long run is thinned so that it fits")
  func thinned() throws {
    // 3,000 steps an epoch: 15,000 and 27,000 in the spans.
    let trainer = try run(
      "784-1-2", [.epochs: .int(10), .batchSize: .int(1), .limit: .int(3_000)],
      pictures: ArtifactKind.allPictures, on: labelled(train: 3_000, test: 20)
    ).trainer
    let tracks = try arrays(.trajectories, trainer)
    let steps = try #require(tracks.integers("cloud_steps", rank: 1)?.values)
    #expect(steps.prefix(3) == [3_000, 3_200, 3_400])
    #expect(steps.last == 30_000)
    #expect(trainer.artifacts.reduce(0) { $0 + $1.data.count } <= Artifact.largestTotal)
  }

  @Test("the state taken on the way comes back from its bytes as it was")
  func state() throws {
    let captured = try run("784-9-2", [.epochs: .int(6)]).trainer.captured
    #expect(captured.radiusStart != nil && captured.radiusAfter5 != nil)
    #expect(CapturedState(data: captured.data) == captured)
    #expect(CapturedState(data: CapturedState().data) == CapturedState())
    #expect(CapturedState(data: Array(captured.data.dropLast())) == nil)
    #expect(CapturedState(data: []) == nil)
    #expect(CapturedState(data: NamedArrays().data) == nil)
  }
}
