import Foundation
import ResultStore
import StoredStudy
import Sweep
import VAE

/// What a store holds of a sweep.
struct DonePoints {
  private(set) var total = 0
  /// Points that are done and are to be trained again for artifacts they lack.
  private(set) var replays = 0
  /// Points without an outcome that looks decided without, or that operators have cancelled.
  var unneeded: Int {
    let undecided = looks?.looks.reduce(0) { $0 + untrained($1.configuration) } ?? 0
    return undecided + cancelled
  }
  /// Points without an outcome that operators have cancelled.
  var cancelled: Int { cancelledByConfiguration.values.reduce(0, +) }
  private var looks: StoredLooks?
  /// Points of any sweep of the store that this host has trained.
  private(set) var trained: [TrainedPoint] = []
  private var replaysByConfiguration: [Configuration: Int] = [:]
  private var byConfiguration: [Configuration: Int] = [:]
  private var cancelledByConfiguration: [Configuration: Int] = [:]

  /// A store that `run` would refuse is refused.
  init(store path: String?, sweep: LoadedSweep) throws(CommandError) {
    guard let path, FileManager.default.fileExists(atPath: path) else { return }
    let grid = sweep.definition.grid
    let reader: StoreReader
    let stored: StoredSweep?
    let lacking: LackingArtifacts
    do throws(StoreError) {
      reader = try StoreReader(path: path)
      stored = try reader.sweeps().first
      lacking = try LackingArtifacts(reader)
      looks = try StoredLooks(reader, [sweep.definition])
    } catch {
      throw .of(error)
    }
    if let reason = Self.refusal(stored, sweep) {
      throw .badInput("cannot use the store \(path): \(reason); choose another store")
    }
    do throws(StoreError) {
      if let looks {
        cancelledByConfiguration = try CancelledPoints(
          reader, [sweep.definition], looks
        ).byConfiguration
      }
      try reader.forEachOutcome { stored in
        if let point = TrainedPoint(stored.outcome, stored.receipt) { trained.append(point) }
        guard grid.index(of: stored.outcome.point) != nil else { return true }
        total += 1
        if lacking.isLacking(stored.outcome, for: [sweep.definition]) {
          replays += 1
          replaysByConfiguration[stored.outcome.point.configuration, default: 0] += 1
        }
        byConfiguration[stored.outcome.point.configuration, default: 0] += 1
        return true
      }
    } catch {
      throw .of(error)
    }
  }

  func unneeded(_ configuration: Configuration) -> Int {
    untrained(configuration) + (cancelledByConfiguration[configuration] ?? 0)
  }

  private func untrained(_ configuration: Configuration) -> Int {
    looks?.untrainedCount(configuration) ?? 0
  }

  func count(_ configuration: Configuration) -> Int { byConfiguration[configuration] ?? 0 }

  func replays(_ configuration: Configuration) -> Int {
    replaysByConfiguration[configuration] ?? 0
  }

  /// Why the outcomes of a store, which all its sweeps share, cannot be this sweep's.
  private static func refusal(_ stored: StoredSweep?, _ sweep: LoadedSweep) -> String? {
    guard let stored else { return nil }
    guard stored.datasetDigest == sweep.datasetDigest else {
      return "its outcomes are of the dataset \(stored.datasetDigest.short)…, and this sweep's is "
        + "\(sweep.datasetDigest.short)…"
    }
    guard stored.trainerVersion == Trainer.version else {
      return "its outcomes are of trainer version \(stored.trainerVersion), and this vaesweep has "
        + "\(Trainer.version)"
    }
    return nil
  }
}
