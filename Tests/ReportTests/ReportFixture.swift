import Foundation
import Report
import Study
import Sweep
import TestSupport
import VAE

/// A store's contents with every kind of picture, made up: nothing is trained.
struct ReportFixture {
  var contents: ReportContents
  var kinds: [PointKey: Set<PictureKind>] = [:]

  /// - Parameter name: What the sweep, its dataset and the host are called.
  init(
    name: String = "a sweep", architectures: [String] = Self.architectures, seeds: UInt32 = 12,
    epochs: Int = 12, pictures: Bool = true
  ) throws {
    let grid = try RunFixture.grid(
      architectures, seeds: seeds, axes: [.sampling: [.bool(true), .bool(false)]],
      train: [.epochs: .int(epochs)])
    contents = ReportContents(
      sweeps: [ReportContents.StoredSweepText(name: name, dataset: name, yaml: "name: \(name)\n")],
      datasetDigest: Digest(of: "data").hex, trainerVersion: 1, planned: Grid.plannedOnce([grid]),
      resampling: Resampling(replicates: 999, seed: 1))
    var receipt = RunFixture.receipt
    receipt.host = name
    for (index, point) in grid.points where index != 5 {
      let outcome = Self.outcome(point, index, epochs: epochs, diverged: index == 9)
      contents.add(outcome, receipt: receipt)
      guard pictures, outcome.status == .ok, point.seeds.initialization < 3 else { continue }
      for kind in PictureKind.allCases {
        let configuration = point.configuration
        guard
          kind.applies(
            latentDim: configuration.architecture.latentDim, sampling: configuration.sampling)
        else { continue }
        kinds[outcome.key, default: []].insert(kind)
      }
    }
    points = Dictionary(
      uniqueKeysWithValues: grid.points.map {
        ($0.point.key(dataset: Digest(of: "data"), trainerVersion: 1), $0.point)
      })
  }

  private let points: [PointKey: Point]

  static let architectures = [
    "784-256-2", "784-256-32-8-2", "784-256-32-8-3", "784-256-32-8-4", "784-256-32-4", "784-32-8",
  ]

  /// The finished report.
  func report(_ show: ShownRun = .median) -> StudyReport {
    var report = StudyReport(contents, kinds: kinds, show: show, version: "0.0.0")
    for request in report.wanted {
      guard let point = points[request.key] else { continue }
      report.add(Self.data(request.kind, point).data, for: request)
    }
    return report
  }

  private static func outcome(_ point: Point, _ index: Int, epochs: Int, diverged: Bool) -> Outcome
  {
    let key = point.key(dataset: Digest(of: "data"), trainerVersion: 1)
    if diverged { return RunFixture.outcome(point, total: nil) }
    let latentDim = point.configuration.architecture.latentDim
    let base = 170 - 8 * log2(Double(latentDim)) + Double(index * 7 % 11) / 5
    let history = (1...epochs).map { epoch in
      let total = base + 40 / Double(epoch)
      return EpochRecord(
        epoch: epoch, trainRunningTotal: total + 2,
        test: LossTerms(reconstruction: total - 5, kl: 5, total: total),
        testReconstructionAtMean: total - 6)
    }
    let collapsed = latentDim > 2 ? index % 3 : 0
    let latents = (0..<latentDim).map { latent in
      LatentStatistics(
        varMu: latent < collapsed ? 0.0004 * Double(1 + index % 5) : 0.8 + Double(index % 7) / 20,
        meanSigma2: point.configuration.sampling ? latent < collapsed ? 0.99 : 0.02 : nil, kl: 2,
        gain: 10)
    }
    var study = StudyMeasures()
    study[.coverage] = 0.02 + Double(index % 5) / 100
    study[.generationCoverage] = 0.4 + Double(index % 9) / 50
    let final = FinalMeasurements(
      train: LossTerms(reconstruction: base - 7, kl: 5, total: base - 2), latents: latents,
      deadUnits: [DeadUnits(layer: "encoder_1", count: 3)], study: study, digest: "ab")
    return Outcome(
      key: key, point: point, result: TrainingResult(history: history, ending: .completed(final)))
  }
}

// MARK: - Pictures' data

extension ReportFixture {
  static func data(_ kind: PictureKind, _ point: Point) -> NamedArrays {
    let configuration = point.configuration
    let latentDim = configuration.architecture.latentDim
    switch kind {
    case .codes: return codes(latentDim, sampling: configuration.sampling)
    case .samples: return samples(latentDim)
    case .reconstructions: return reconstructions
    case .trajectories: return trajectories
    }
  }

  /// A blob for each digit around a point of its own.
  static func codes(_ latentDim: Int, sampling: Bool, count: Int = 600) -> NamedArrays {
    var numbers = Numbers()
    var arrays = NamedArrays()
    let labels = (0..<count).map { UInt8($0 % 10) }
    var mu: [Float] = []
    var sigma2: [Float] = []
    for label in labels {
      for latent in 0..<latentDim {
        let angle = Double(label) * 0.628 + Double(latent) * 1.57
        mu.append(Float(1.6 * cos(angle) + 0.3 * numbers.normal))
        sigma2.append(Float(0.005 + 0.02 * numbers.uniform))
      }
    }
    arrays.set("labels", shape: [count], .bytes(labels))
    arrays.set("mu", shape: [count, latentDim], .floats(mu))
    if sampling { arrays.set("sigma2", shape: [count, latentDim], .floats(sigma2)) }
    return arrays
  }

  /// Codes in the order of `PictureKind.samples`, each image with a bright square whose place tells
  /// the first two of its codes.
  static func samples(_ latentDim: Int) -> NamedArrays {
    func quantiles(_ count: Int) -> [Float] {
      (1...count).map { Float(StandardNormal.quantile((Double($0) - 0.5) / Double(count))) }
    }
    var codes: [[Float]] = []
    switch latentDim {
    case 2:
      for second in quantiles(15).reversed() {
        for first in quantiles(15) { codes.append([first, second]) }
      }
    case 3:
      for third in quantiles(5) {
        for second in quantiles(5).reversed() {
          for first in quantiles(5) { codes.append([first, second, third]) }
        }
      }
    case 4:
      for fourth in quantiles(3) {
        for third in quantiles(3) {
          for second in quantiles(3) {
            for first in quantiles(3) { codes.append([first, second, third, fourth]) }
          }
        }
      }
    default:
      var numbers = Numbers()
      codes = (0..<100).map { _ in (0..<latentDim).map { _ in Float(numbers.normal) } }
    }
    var arrays = NamedArrays()
    arrays.set("codes", shape: [codes.count, latentDim], .floats(codes.flatMap(\.self)))
    arrays.set(
      "images", shape: [codes.count, 784],
      .bytes(codes.flatMap { code in image(x: code[0], y: code.count > 1 ? code[1] : 0) }))
    return arrays
  }

  /// A bright square on black, to the right as `x` rises and upwards as `y` rises.
  static func image(x: Float, y: Float) -> [UInt8] {
    var image = [UInt8](repeating: 0, count: 784)
    let column = max(0, min(22, Int(11 + 5 * x)))
    let row = max(0, min(22, Int(11 - 5 * y)))
    for place in 0..<36 { image[(row + place / 6) * 28 + column + place % 6] = 255 }
    return image
  }

  static var reconstructions: NamedArrays {
    var arrays = NamedArrays()
    let labels = (0..<20).map { UInt8($0 % 10) }
    arrays.set("labels", shape: [20], .bytes(labels))
    let originals = labels.flatMap { image(x: Float($0) / 4 - 1, y: 0) }
    arrays.set("originals", shape: [20, 784], .bytes(originals))
    arrays.set("reconstructions", shape: [20, 784], .bytes(originals.map { $0 / 2 }))
    return arrays
  }

  static var trajectories: NamedArrays {
    var arrays = NamedArrays()
    for (name, count, snapshots) in [("digits", 10, 9), ("cloud", 60, 12)] {
      var mu: [Float] = []
      var sigma2: [Float] = []
      for snapshot in 0..<snapshots {
        let part = Double(snapshot) / Double(snapshots - 1)
        for image in 0..<count {
          let angle = Double(image % 10) * 0.628 + part
          let reach = 2 * part + Double(image / 10) * 0.1
          mu += [Float(reach * cos(angle)), Float(reach * sin(angle))]
          sigma2 += [Float(1 - 0.97 * part), Float(1 - 0.95 * part)]
        }
      }
      arrays.set("\(name)_labels", shape: [count], .bytes((0..<count).map { UInt8($0 % 10) }))
      arrays.set(
        "\(name)_steps", shape: [snapshots],
        .integers((0..<snapshots).map { Int32(100 * $0 + (name == "cloud" ? 200 : 0)) }))
      arrays.set("\(name)_mu", shape: [snapshots, count, 2], .floats(mu))
      arrays.set("\(name)_sigma2", shape: [snapshots, count, 2], .floats(sigma2))
    }
    return arrays
  }
}

/// Numbers that are the same in every run.
private struct Numbers {
  private var state: UInt64 = 1

  var uniform: Double {
    mutating get {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / Double(1 << 53)
    }
  }

  var normal: Double {
    mutating get {
      let radius = (-2 * log(1 - uniform)).squareRoot()
      return radius * cos(2 * .pi * uniform)
    }
  }
}
