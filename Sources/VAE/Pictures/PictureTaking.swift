import Compute
import Dataset

/// Makes the artifacts of a trained network: what `PictureKind` says of each.
struct PictureTaking {
  /// Test images whose codes are kept, at the most.
  private static let mostCodes = 5_000
  /// Reconstructions of each class.
  private static let perClass = 2

  let evaluator: Evaluator
  let test: ImageSet
  /// Draws from N(0, I), addressed as for the measures.
  let prior: RandomStream
  let captured: CapturedState
  let trajectoryImages: TrajectoryImages?

  private var latentDim: Int { evaluator.network.layout.latentDim }
  private var samples: Bool { evaluator.network.logVar != nil }

  func arrays(_ kind: PictureKind) -> NamedArrays {
    switch kind {
    case .codes: codes
    case .samples: decodedSamples
    case .reconstructions: reconstructions
    case .trajectories: trajectories
    }
  }

  private var codes: NamedArrays {
    let count = min(Self.mostCodes, test.count)
    var (mu, sigma2): ([Float], [Float]) = ([], [])
    _ = evaluator.forEachBatch(
      of: test, count: count, goOn: { true },
      { _, latents in evaluator.append(latents, mu: &mu, sigma2: &sigma2) })
    var arrays = NamedArrays()
    arrays.set("labels", shape: [count], .bytes(Array(test.labels.prefix(count))))
    arrays.set("mu", shape: [count, latentDim], .floats(mu))
    if samples { arrays.set("sigma2", shape: [count, latentDim], .floats(sigma2)) }
    return arrays
  }

  private var decodedSamples: NamedArrays {
    let codes = evaluator.workspace.latents.z
    let count: Int
    if let grid = PictureGrid.codes(latentDim: latentDim, pixels: test.shape.pixels) {
      count = grid.count
      for (i, code) in grid.enumerated() {
        for (j, value) in code.enumerated() { codes.row(i)[j] = value }
      }
    } else {
      count = PictureGrid.draws(latentDim: latentDim, pixels: test.shape.pixels)
      prior.fillNormal(codes.prefix(count), firstRow: 0, z: 0)
    }
    let shown = codes.prefix(count)
    let values = (0..<count).flatMap { i in (0..<latentDim).map { shown.row(i)[$0] } }
    var arrays = NamedArrays()
    arrays.set("codes", shape: [count, latentDim], .floats(values))
    arrays.set(
      "images",
      PicturedImages(count: count, shape: test.shape, bytes: evaluator.decodedBytes(shown)))
    return arrays
  }

  private var reconstructions: NamedArrays {
    var indices: [Int32] = []
    for label in PicturedClasses.of(test.labels) {
      let found = test.labels.indices.lazy.filter { test.labels[$0] == label }
      indices += found.prefix(Self.perClass).map { Int32(truncatingIfNeeded: $0) }
    }
    let width = test.shape.pixels
    var originals: [UInt8] = []
    for index in indices {
      originals += test.pixels[(Int(index) * width)..<((Int(index) + 1) * width)]
    }
    let latents = evaluator.encoded(test, indices)
    var arrays = NamedArrays()
    arrays.set(
      "labels", shape: [indices.count], .bytes(indices.map { test.labels[Int($0)] }))
    arrays.set(
      "originals", PicturedImages(count: indices.count, shape: test.shape, bytes: originals))
    arrays.set(
      "reconstructions",
      PicturedImages(
        count: indices.count, shape: test.shape, bytes: evaluator.decodedBytes(latents.mu)))
    return arrays
  }

  private var trajectories: NamedArrays {
    var arrays = NamedArrays()
    guard let images = trajectoryImages else { return arrays }
    let tracks = [
      ("digits", captured.digits, images.firsts.map { images.labels[$0] }),
      ("cloud", captured.cloud, images.labels),
    ]
    for (name, track, labels) in tracks {
      let shape = [track.steps.count, labels.count, latentDim]
      arrays.set("\(name)_labels", shape: [labels.count], .bytes(labels))
      arrays.set("\(name)_steps", shape: [track.steps.count], .integers(track.steps))
      arrays.set("\(name)_mu", shape: shape, .floats(track.mu))
      arrays.set("\(name)_sigma2", shape: shape, .floats(track.sigma2))
    }
    return arrays
  }
}
