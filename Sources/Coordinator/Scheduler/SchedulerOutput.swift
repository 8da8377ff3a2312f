package import Sweep

/// What a scheduler wants done on account of one event, in order.
package struct SchedulerOutput: Sendable {
  private var effects: [SchedulerEffect] = []
  private var lastComplaint: Duration?

  package init() {}

  package mutating func add(_ effect: SchedulerEffect) { effects.append(effect) }

  package mutating func log(
    _ level: LogLine.Level, _ text: String, about subject: LogSubject = LogSubject()
  ) {
    effects.append(.log(LogLine(level, text, about: subject)))
  }

  /// Logs what a peer caused: at most a line a second, so that nobody can fill a disk with it.
  package mutating func complain(
    _ text: String, about subject: LogSubject = LogSubject(), at now: Duration
  ) {
    guard lastComplaint.map({ now - $0 >= .seconds(1) }) ?? true else { return }
    lastComplaint = now
    log(.warning, text, about: subject)
  }

  /// Takes all of it out.
  package mutating func take() -> [SchedulerEffect] {
    defer { effects.removeAll(keepingCapacity: true) }
    return effects
  }
}
