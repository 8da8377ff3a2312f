import Dataset
import Foundation
import Platform
import Processor
import Sweep
import VAE

/// A point that this host has trained, with the seconds it took.
struct TrainedPoint {
  let configuration: Configuration
  /// Of the whole point; on a trainer's first one with what prepares the dataset.
  let seconds: Double
  /// Training images a second, while they were trained on.
  let imagesPerSecond: Double

  /// Nil where a CPU of another kind trained it, and where it was stopped by a number.
  init?(_ outcome: Outcome, _ receipt: Receipt, cpu: String = CPUFeatures.modelName) {
    guard receipt.cpu == cpu, outcome.status == .ok else { return nil }
    configuration = outcome.point.configuration
    seconds = receipt.seconds
    imagesPerSecond = receipt.imagesPerSecond
  }
}

/// How fast this host trains one net: what was measured by `bench trainer` or by points it trained.
struct MeasuredSpeed: Codable, Hashable {
  /// The net and what else decides its speed.
  let shape: String
  /// Dense multiply-adds of one image, forward.
  let size: Double
  /// Dense multiply-adds a second in training: the lower and the upper quartile of the points.
  let slowest: Double
  let fastest: Double
  /// Seconds of a point beside what its multiply-adds take at such a speed, for each test image: the
  /// quartiles of the points.
  let leastRest: Double
  let mostRest: Double
  /// Points that it was measured by; 0 of a benchmark.
  let points: Int

  static func shape(of configuration: Configuration) -> String {
    "\(configuration.architecture) sampling \(configuration.sampling) batch_size "
      + "\(configuration.batchSize) optimizer \(configuration.optimizer.name) activation "
      + "\(configuration.activation.rawValue)"
  }

  /// By a benchmark of the training step.
  ///
  /// Evaluation, the measures of a study and other programs on the host take time that the benchmark
  /// does not see: up to as much again.
  init(_ configuration: Configuration, imagesPerSecond: Double) {
    shape = Self.shape(of: configuration)
    size = Estimate.multiplyAdds(ofImage: configuration)
    fastest = imagesPerSecond * Estimate.trainingPasses * size
    slowest = fastest / 2
    (leastRest, mostRest) = (0, 0)
    points = 0
  }

  /// By points of one shape, at least one.
  ///
  /// A trainer's first point takes longer than the others, since it prepares the dataset, which may be a
  /// thousand times what the point takes: it must not tell of them. So the speed is that of training alone,
  /// and of the rest the largest is always left out: where there is but one, it may be nothing.
  private init(
    _ configuration: Configuration, _ points: [TrainedPoint], on dataset: PreparedDataset
  ) {
    shape = Self.shape(of: configuration)
    size = Estimate.multiplyAdds(ofImage: configuration)
    let perImage = Estimate.trainingPasses * size
    let speeds = points.map { $0.imagesPerSecond * perImage }.sorted()
    slowest = speeds[(speeds.count - 1) / 4]
    fastest = speeds[speeds.count - 1 - (speeds.count - 1) / 4]
    let rests = points.map { point in
      let work = Estimate.multiplyAdds(of: point.configuration, on: dataset)
      let rest = point.seconds - work / (point.imagesPerSecond * perImage)
      return max(rest, 0) / Double(dataset.testCount)
    }.sorted()
    leastRest = rests.count > 1 ? rests[(rests.count - 1) / 4] : 0
    mostRest = rests.count > 1 ? rests[3 * (rests.count - 1) / 4] : rests[0]
    self.points = points.count
  }

  /// By points that a host has trained on `dataset`.
  static func measured(by trained: [TrainedPoint], on dataset: PreparedDataset) -> [MeasuredSpeed] {
    let timed = trained.filter {
      $0.seconds > 0 && $0.seconds.isFinite && $0.imagesPerSecond > 0
        && $0.imagesPerSecond.isFinite
    }
    return Dictionary(grouping: timed) { shape(of: $0.configuration) }.values.compactMap { points in
      points.first.map { MeasuredSpeed($0.configuration, points, on: dataset) }
    }.sorted { $0.shape < $1.shape }
  }
}

/// What this host has measured, in a file of the user's cache.
///
/// One that cannot be read or written is no obstacle: a plan is a guess then.
struct SpeedCache {
  /// Measurements by CPU: a cache may lie in a home that several hosts share.
  ///
  /// A file of an earlier version has "speeds" in their place, whose numbers mean something else: it is
  /// passed over, and replaced by the next measurement.
  private struct File: Codable {
    var trained: [String: [MeasuredSpeed]] = [:]
  }

  private let path: String
  private let cpu: String
  /// Of the file, in bytes.
  private static let maxSize = 1 << 24

  init(
    folder: String = DataFolders(environment: ProcessInfo.processInfo.environment).cache,
    cpu: String = CPUFeatures.modelName
  ) {
    path = "\(folder)/speeds.json"
    self.cpu = cpu
  }

  /// Of this CPU.
  var speeds: [MeasuredSpeed] {
    (read().trained[cpu] ?? []).filter {
      $0.slowest > 0 && $0.fastest >= $0.slowest && $0.size > 0 && $0.leastRest >= 0
        && $0.mostRest >= $0.leastRest
    }
  }

  /// Adds `speeds`, in place of what was known of the same nets; points stand before a benchmark.
  func add(_ speeds: [MeasuredSpeed]) {
    guard !speeds.isEmpty else { return }
    var file = read()
    var known = file.trained[cpu] ?? []
    for speed in speeds {
      if let place = known.firstIndex(where: { $0.shape == speed.shape }) {
        if speed.points >= known[place].points { known[place] = speed }
      } else {
        known.append(speed)
      }
    }
    guard known != file.trained[cpu] else { return }
    file.trained[cpu] = known
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    // What can't be encoded or written is not kept, and the next plan guesses.
    guard let data = try? encoder.encode(file) else { return }
    try? Folder.make(Path.folder(of: path))
    try? DurableFile.replace(path, with: Array(data))
  }

  /// Of a file that is not there, or of another form, nothing is known.
  private func read() -> File {
    guard let bytes = try? readFile(path, atMost: Self.maxSize),
      let file = try? JSONDecoder().decode(File.self, from: Data(bytes))
    else { return File() }
    return file
  }
}
