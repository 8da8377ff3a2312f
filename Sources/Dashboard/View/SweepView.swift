package import Sweep
package import Wire

/// How a sweep stands, as every face of the dashboard shows it: terminal, JSON, metrics, page.
///
/// Made from what a coordinator tells, or from a store alone; what the source does not know is nil or
/// empty, never guessed.
package struct SweepView: Hashable, Sendable {
  /// Points by what became of them; every one is counted once.
  package struct Counts: Hashable, Sendable {
    package var points = 0
    package var ok = 0
    package var diverged = 0
    package var failed = 0
    package var cancelled = 0
    package var running = 0
    package var waiting = 0

    package init() {}

    /// Points of which nothing more is to come by itself.
    package var settled: Int { ok + diverged + failed + cancelled }

    /// From 0 to 1.
    package var fraction: Double {
      points > 0 ? min(1, Double(settled) / Double(points)) : 1
    }
  }

  /// One worker process.
  package struct Worker: Hashable, Sendable {
    package var host: String
    package var process: Int
    package var slots: Int
    /// Points whose outcome it delivered.
    package var finished: Int
    package var running: [Running]
    /// nil in its first seconds.
    package var imagesPerSecond: Double?
    /// Seconds since it was last heard.
    package var silent: Double
    /// Why its host is given nothing; nil where it is.
    package var drained: String?
  }

  /// One point that is being trained.
  package struct Running: Hashable, Sendable {
    package var key: PointKey
    /// Its architecture, and whether it does without sampling.
    package var name: String
    /// Counted from 1; 0 before the first step.
    package var epoch: Int
    /// Of its optimiser steps, from 0 to 1.
    package var fraction: Double
  }

  /// One failed point.
  package struct Failure: Hashable, Sendable {
    /// Its configuration and seeds.
    package var name: String
    package var reason: String

    package init(name: String, reason: String) {
      self.name = name
      self.reason = reason
    }
  }

  package var sweep: String
  /// Where it is known from: `coordinator epoch 3`, `store x.sqlite`.
  package var origin: String
  package var counts = Counts()
  /// nil while unknown.
  package var pointsPerHour: Double?
  /// Of all workers; nil while unknown.
  package var imagesPerSecond: Double?
  /// Seconds until all is settled, at the least and at the most; nil while unknown.
  package var secondsLeft: ClosedRange<Double>?
  package var isPaused = false
  /// Points with an outcome that are to be trained again for their artifacts.
  package var lackingArtifacts = 0
  package var workers: [Worker] = []
  /// nil where nothing is known of what runs.
  package var fleet: Fleet?
  /// The first of those that `counts` tells of.
  package var failures: [Failure] = []
  /// Results or artifacts that differ from the stored ones.
  package var faults = 0
  package var refused: [RefusedCount] = []
  /// What a person should look at, a line each.
  package var alerts: [String] = []
  package var summary: [SummaryRow] = []
  /// Configurations that are not in `summary`.
  package var summaryLeftOut = 0

  package init(sweep: String, origin: String) {
    self.sweep = sweep
    self.origin = origin
  }

  /// Whether every point has an outcome, with its artifacts, or is failed or cancelled.
  package var isComplete: Bool { counts.settled >= counts.points && lackingArtifacts == 0 }

  /// Whether the summary tells of every outcome that is counted; taken for granted where some of its
  /// configurations are left out.
  package var summaryIsWhole: Bool {
    let told = summary.reduce(0) { $0 + $1.ok + $1.diverged }
    return summaryLeftOut > 0 || told >= counts.ok + counts.diverged
  }

  /// Whether a point is failed or cancelled: it has no outcome, and is not trained by itself.
  package var hasGaps: Bool { counts.failed + counts.cancelled > 0 }
}
