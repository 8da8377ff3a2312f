package import Sweep
package import VAE
package import Wire

/// What a page shows of the time before its moment: hosts, curves, and each run's final error.
///
/// Its size has a bound, however long the sweep runs and however many points it has.
package struct SweepHistory: Hashable, Sendable {
  package private(set) var timeline = HostTimeline()
  package private(set) var curves = RunningCurves()
  /// One for each row of the status' summary.
  package var strips: [OutcomeStrip] = []

  package init() {}

  /// Looks at what a coordinator tells.
  ///
  /// - Parameter time: Seconds since the first look.
  package mutating func look(_ status: StatusReply, at time: Double) {
    timeline.look(status.workers, at: time)
    curves.look(status.workers)
  }

  /// An attempt has its outcome.
  package mutating func end(_ attempt: AttemptID, _ history: [EpochRecord]) {
    curves.end(attempt, history)
  }

  /// Another sweep begins, on the same hosts.
  package mutating func beginSweep() {
    curves = RunningCurves()
    strips = []
  }
}
