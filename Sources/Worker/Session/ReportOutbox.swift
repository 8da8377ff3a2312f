package import Sweep
package import Wire

/// How attempts ended, in memory and on the disk until the coordinator says that it is committed.
package struct ReportOutbox: Sendable {
  /// Outcomes that one heartbeat names.
  package static let maxNamed = 4096
  /// Reports that are sent again in one turn.
  private static let maxAtOnce = 256

  private struct Entry: Sendable {
    let report: AttemptReport
    /// nil where it was not sent by this process yet.
    var sentAt: Duration?
    /// Sent once only, so that the answer is to what was sent then.
    var isFirst = true
  }

  private var entries: [AttemptID: Entry] = [:]
  /// When it is next looked through.
  private var nextResend: Duration = .zero

  package init() {}

  package var isEmpty: Bool { entries.isEmpty }
  package var count: Int { entries.count }

  /// What a heartbeat names, in the order of attempts.
  package var named: [AttemptID] { Array(entries.keys.sorted().prefix(Self.maxNamed)) }

  package func contains(_ attempt: AttemptID) -> Bool { entries[attempt] != nil }

  /// Keeps a report and sends it.
  package mutating func post(
    _ report: AttemptReport, at now: Duration, _ effects: inout AgentEffects
  ) {
    entries[report.attempt] = Entry(report: report, sentAt: now)
    effects.add(.keep(report))
    effects.send(report.message)
  }

  /// It is committed, or not wanted.
  ///
  /// - Returns: The time from its first sending to now, where it was sent once only.
  @discardableResult
  package mutating func remove(
    _ attempt: AttemptID, at now: Duration, _ effects: inout AgentEffects
  ) -> Duration? {
    guard let entry = entries.removeValue(forKey: attempt) else { return nil }
    effects.add(.forget(attempt))
    return entry.isFirst ? entry.sentAt.map { now - $0 } : nil
  }

  /// Takes a report out that cannot be kept.
  package mutating func remove(_ attempt: AttemptID) -> AttemptReport? {
    entries.removeValue(forKey: attempt)?.report
  }

  /// Takes what an earlier worker of this host finished and could not deliver, to be sent in this
  /// one's name.
  ///
  /// - Returns: How many are new.
  package mutating func takeOver(
    _ reports: [AttemptReport], unless isSettled: (AttemptID) -> Bool, at now: Duration
  ) -> Int {
    var count = 0
    for report in reports where !contains(report.attempt) && !isSettled(report.attempt) {
      entries[report.attempt] = Entry(report: report)
      count += 1
    }
    nextResend = now
    return count
  }

  /// All of it is sent again, from the next tick on.
  package mutating func sendAllAgain(at now: Duration) {
    for attempt in entries.keys { entries[attempt]?.sentAt = nil }
    nextResend = now
  }

  /// Sends again what was not acknowledged for `patience`, a bounded number at a time.
  package mutating func resend(
    after patience: Duration, at now: Duration, _ effects: inout AgentEffects
  ) {
    guard now >= nextResend else { return }
    nextResend = now + patience / 20
    let due = entries.filter { _, entry in entry.sentAt.map { now - $0 >= patience } ?? true }
    for (attempt, entry) in due.sorted(by: { $0.key < $1.key }).prefix(Self.maxAtOnce) {
      entries[attempt]?.isFirst = entry.sentAt == nil
      entries[attempt]?.sentAt = now
      effects.send(entry.report.message)
    }
  }

  /// They stay on the disk, for the next coordinator of their store.
  package mutating func forgetStore() { entries.removeAll() }
}
