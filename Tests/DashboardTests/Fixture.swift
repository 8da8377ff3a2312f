import Dashboard
import Sweep
import TestSupport
import VAE
import Wire

/// A sweep in the middle of its work, in numbers that a test can name.
enum ViewFixture {
  static func point(_ architecture: String = "784-16-2", seed: UInt32 = 3) throws -> Point {
    Point(
      configuration: try Configuration(
        architecture: try Architecture(parsing: architecture), [:]), seeds: Seeds(seed))
  }

  static func running(_ architecture: String, epoch: Int, step: Int) throws -> RunningPoint {
    let point = try point(architecture)
    return RunningPoint(
      attempt: AttemptID(epoch: 3, counter: UInt64(step)),
      key: point.key(dataset: Digest(of: "data"), trainerVersion: 1),
      architecture: point.configuration.architecture, sampling: true,
      progress: AttemptProgress(step: step, steps: 100, epoch: epoch))
  }

  static func status() throws -> StatusReply {
    var alpha = WorkerStatus(
      host: "alpha", process: 11, slots: 4, finished: 8,
      running: [
        try running("784-256-32-8-4", epoch: 12, step: 43),
        try running("784-16-2", epoch: 1, step: 2), try running("784-16-2", epoch: 2, step: 4),
      ])
    alpha.imagesPerSecond = 113_995.4
    alpha.silent = .milliseconds(700)
    var beta = WorkerStatus(host: "beta", process: 12, slots: 2, finished: 0, running: [])
    beta.silent = .seconds(9)
    beta.drained = "3 different points failed on host beta"
    var status = StatusReply(
      sweep: "page", coordinatorEpoch: 3, points: 40, ok: 18, diverged: 1, failed: 2, running: 3,
      workers: [alpha, beta], pointsPerHour: 1234.4, secondsLeft: 660)
    status.secondsLeftRange = 600...840
    status.cancelled = 1
    status.alerts = [
      "drained: 3 different points failed on host beta within ten seconds of their start"
    ]
    status.faults = 1
    status.failures = [
      FailedPoint(point: try point(), reason: "3 lost attempts; the last: alpha fell silent"),
      FailedPoint(point: try point(seed: 4), reason: "the trainer process died of signal 11"),
    ]
    status.fleet.add(slots: 4, running: 3, isDrained: false)
    status.fleet.add(slots: 2, running: 0, isDrained: true)
    status.imagesTrained = 6_000_000
    status.refused = [
      RefusedCount(reason: "key", count: 2), RefusedCount(reason: "rate", count: 0),
    ]
    status.summary = [
      SummaryRow(
        configuration: "784-256-32-8-4", planned: 20, ok: 12, diverged: 1, mean: 151.204, sd: 0.345,
        collapsed: 0.25),
      SummaryRow(
        configuration: "784-16-2", planned: 20, ok: 6, diverged: 0, mean: 178.9, sd: 1.2,
        collapsed: 0),
    ]
    return status
  }

  static func view() throws -> SweepView { SweepView(try status()) }
}
