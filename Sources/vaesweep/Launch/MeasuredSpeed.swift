import Dataset
import Foundation
import Platform
import Processor
import Sweep
import VAE

/// A point that this host has trained, with the seconds it took.
struct TrainedPoint {
  let configuration: Configuration
  let seconds: Double

  /// Nil where a CPU of another kind trained it, and where it was stopped by a number.
  init?(_ outcome: Outcome, _ receipt: Receipt, cpu: String = CPUFeatures.modelName) {
    guard receipt.cpu == cpu, outcome.status == .ok else { return nil }
    configuration = outcome.point.configuration
    seconds = receipt.seconds
  }
}

/// How fast this host trains one net: what was measured by `bench trainer` or by points it trained.
struct MeasuredSpeed: Codable, Hashable {
  /// The net and what else decides its speed.
  let shape: String
  /// Dense multiply-adds of one image, forward.
  let size: Double
  /// Dense multiply-adds a second, evaluation included: the slowest and the fastest tenth of the
  /// points left out.
  let slowest: Double
  let fastest: Double
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
    points = 0
  }

  private init(_ configuration: Configuration, rates: [Double]) {
    let sorted = rates.sorted()
    shape = Self.shape(of: configuration)
    size = Estimate.multiplyAdds(ofImage: configuration)
    slowest = sorted[(sorted.count - 1) / 10]
    fastest = sorted[sorted.count - 1 - (sorted.count - 1) / 10]
    points = rates.count
  }

  /// By points that a host has trained on `dataset`.
  static func measured(by trained: [TrainedPoint], on dataset: PreparedDataset) -> [MeasuredSpeed] {
    let timed = trained.filter { $0.seconds > 0 && $0.seconds.isFinite }
    return Dictionary(grouping: timed) { shape(of: $0.configuration) }.values.compactMap { points in
      guard let first = points.first else { return nil }
      return MeasuredSpeed(
        first.configuration,
        rates: points.map {
          Estimate.multiplyAdds(of: $0.configuration, on: dataset) / $0.seconds
        })
    }.sorted { $0.shape < $1.shape }
  }
}

/// What this host has measured, in a file of the user's cache.
///
/// One that cannot be read or written is no obstacle: a plan is a guess then.
struct SpeedCache {
  /// Measurements by CPU: a cache may lie in a home that several hosts share.
  private struct File: Codable {
    var speeds: [String: [MeasuredSpeed]] = [:]
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
    (read().speeds[cpu] ?? []).filter { $0.slowest > 0 && $0.fastest >= $0.slowest && $0.size > 0 }
  }

  /// Adds `speeds`, in place of what was known of the same nets; points stand before a benchmark.
  func add(_ speeds: [MeasuredSpeed]) {
    guard !speeds.isEmpty else { return }
    var file = read()
    var known = file.speeds[cpu] ?? []
    for speed in speeds {
      if let place = known.firstIndex(where: { $0.shape == speed.shape }) {
        if speed.points >= known[place].points { known[place] = speed }
      } else {
        known.append(speed)
      }
    }
    guard known != file.speeds[cpu] else { return }
    file.speeds[cpu] = known
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
