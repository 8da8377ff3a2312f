import Sweep
import Wire

extension AgentSession {
  /// Outcomes that one heartbeat names, and that are sent again in one turn.
  static let mostNamed = 4096
  private static let mostAtOnce = 256

  /// Puts a report into the outbox and sends it; it stays there, and on the disk, until it is
  /// acknowledged.
  mutating func post(_ report: AttemptReport) {
    outbox[report.attempt] = Outgoing(report: report, sentAt: clock.elapsed)
    // A reply to a heartbeat from before does not know that it is finished.
    firstNamed[report.attempt] = nil
    effects.append(.keep(report))
    send(report.message)
  }

  /// The coordinator has committed the outcome or failure of this attempt.
  mutating func settle(_ attempt: AttemptID) {
    if let outgoing = outbox[attempt], outgoing.isFirst, let sentAt = outgoing.sentAt {
      lookahead.note(answerAfter: clock.elapsed - sentAt)
    }
    removeFromOutbox(attempt)
    firstNamed[attempt] = nil
    settled.insert(attempt)
    if pictures.acknowledge(attempt) { heartbeatIsDue = true }
    if concludeAt != nil, outbox.isEmpty { conclude() }
  }

  mutating func removeFromOutbox(_ attempt: AttemptID) {
    guard outbox.removeValue(forKey: attempt) != nil else { return }
    effects.append(.forget(attempt))
  }

  /// All of it, from the next tick on.
  mutating func sendOutboxAgain() {
    for attempt in outbox.keys { outbox[attempt]?.sentAt = nil }
    nextResend = clock.elapsed
  }

  /// What an earlier worker of this host finished and could not deliver; it is sent in this one's
  /// name.
  mutating func takeOver(_ reports: [AttemptReport]) {
    var count = 0
    for report in reports
    where outbox[report.attempt] == nil && !settled.contains(report.attempt) {
      outbox[report.attempt] = Outgoing(report: report, sentAt: nil)
      count += 1
    }
    nextResend = clock.elapsed
    if count > 0 {
      log("delivering \(count.of("result")) that a worker here had left over")
    }
  }

  /// Sends again what was not acknowledged for a while, a bounded number at a time.
  mutating func resendOutbox() {
    guard clock.elapsed >= nextResend else { return }
    nextResend = clock.elapsed + settings.resend / 20
    let due = outbox.filter { _, outgoing in
      outgoing.sentAt.map { clock.elapsed - $0 >= settings.resend } ?? true
    }
    guard !due.isEmpty else { return }
    for (attempt, outgoing) in due.sorted(by: { $0.key < $1.key }).prefix(Self.mostAtOnce) {
      outbox[attempt]?.isFirst = outgoing.sentAt == nil
      outbox[attempt]?.sentAt = clock.elapsed
      send(outgoing.report.message)
    }
  }
}
