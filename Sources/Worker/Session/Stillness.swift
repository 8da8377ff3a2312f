package import Platform

/// How long a trainer has made no progress though it could have.
///
/// Time in which it was ready to run and got no CPU does not count: a slow host is not a hung trainer.
/// Time on a CPU counts, and so does time in which it slept, waited or was stopped. Where the system
/// does not tell, all time counts.
package struct Stillness: Sendable {
  private var counted: Duration = .zero
  /// Until when time is counted.
  private var countedUntil: Duration = .zero
  private var last: ProcessorUse?
  /// Grows while a trainer waits for a CPU: to the coordinator that is a sign of life, as a step is.
  package private(set) var waits = 0

  package init() {}

  /// The trainer has made progress, or begins anew.
  package mutating func end(at now: Duration) {
    counted = .zero
    countedUntil = now
  }

  /// Another process.
  package mutating func begin(at now: Duration) {
    self = Stillness()
    end(at: now)
  }

  /// Takes a reading of the trainer's use of the CPU; nil where there is none.
  package mutating func note(_ use: ProcessorUse?, at now: Duration) {
    let passed = now - countedUntil
    if let use, let last {
      let running = use.running - last.running
      let blocked = passed - (use.waiting - last.waiting)
      let share = min(passed, max(.zero, use.isRunnable ? running : blocked))
      counted += share
      if share * 2 < passed { waits += 1 }
    } else {
      counted += passed
    }
    countedUntil = now
    last = use
  }

  package func length(at now: Duration) -> Duration {
    last == nil ? counted + (now - countedUntil) : counted
  }
}
