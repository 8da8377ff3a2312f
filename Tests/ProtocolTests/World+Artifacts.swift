import Coordinator
import Sweep
import VAE
import Wire

extension World {
  func settings() -> SchedulerSettings {
    var settings = Self.settings(
      grid, epoch: store.coordinatorEpoch, start: store.start, pictures)
    settings.linger = linger
    return settings
  }

  static func settings(
    _ grid: Grid, epoch: UInt64, start: UInt64, _ pictures: ArtifactPlan
  ) -> SchedulerSettings {
    var settings = Sample.settings(grid, epoch: epoch)
    settings.coordinatorStart = start
    settings.artifacts = pictures
    settings.hang = .seconds(20)
    settings.checkpointEvery = .seconds(2)
    settings.probation = .seconds(10)
    return settings
  }

  /// A worker may forget what is stored or not wanted, and nothing else.
  func check(_ settled: ArtifactSettled) throws(Violation) {
    guard let attempt = store.attempts[settled.attempt],
      let outcome = store.outcomes[attempt.key],
      pictures.kinds(wantedOf: outcome.point, at: attempt.index, in: grid).contains(settled.kind),
      store.artifacts[attempt.key]?[settled.kind] == nil,
      scheduler.givenUpArtifacts[attempt.index] == nil
    else { return }
    throw Violation(
      description: "let \(settled.kind) of \(settled.attempt) go before it was committed")
  }

  /// Every picture that is wanted is there, as it was made, or given up after three replays.
  func checkArtifacts(of point: Point, _ key: PointKey, at index: Int) throws(Violation) {
    let wanted = pictures.kinds(wantedOf: point, at: index, in: grid)
    let stored = store.artifacts[key] ?? [:]
    for (kind, artifact) in stored {
      guard wanted.contains(kind), artifact == Sample.artifact(kind, of: point) else {
        throw Violation(description: "point \(index) has a picture that nobody made of it")
      }
    }
    guard wanted.isSubset(of: stored.keys) || scheduler.givenUpArtifacts[index] != nil else {
      throw Violation(description: "point \(index) lacks \(wanted.subtracting(stored.keys))")
    }
  }
}
