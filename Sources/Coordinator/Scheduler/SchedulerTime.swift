import Sweep

/// What the clock means to a scheduler: attended time, when leases are judged, when the grace ends.
package struct SchedulerTime: Sendable {
  private var clock: AttendedClock
  /// Between two judgements of leases.
  private let interval: Duration
  private let graceEnd: Duration
  private var nextJudgement: Duration = .zero
  /// Time in which something was being trained.
  package private(set) var busy: Duration = .zero

  /// - Parameter grace: How long attempts of an earlier start may be claimed.
  package init(heartbeat: Duration, grace: Duration) {
    clock = AttendedClock(longestStep: heartbeat)
    interval = heartbeat / 4
    graceEnd = grace
  }

  /// Attended time since the start.
  package var now: Duration { clock.elapsed }

  package var isGraceOver: Bool { now >= graceEnd }

  /// Takes a reading of the monotonic clock.
  package mutating func advance(to reading: Duration, isTraining: Bool) {
    let before = now
    clock.advance(to: reading)
    if isTraining { busy += now - before }
  }

  /// Whether leases are to be judged now; the next time is an interval later.
  package mutating func isJudgementDue() -> Bool {
    guard now >= nextJudgement else { return false }
    nextJudgement = now + interval
    return true
  }
}
