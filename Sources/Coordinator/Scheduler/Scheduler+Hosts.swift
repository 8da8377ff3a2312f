import Sweep
import Wire

// What the health of hosts means for who is granted what; the judgement itself is `HostHealth`'s.
extension Scheduler {
  /// Whether an attempt was offered to a host that was drained before it could be granted.
  func isBarred(_ id: AttemptID, _ session: SessionID) -> Bool {
    roster[session].map { health.isBarred($0.host, from: id) } ?? false
  }

  /// Whether every worker that is here is on a host of which nothing more is expected and nothing is
  /// under way: without another host, or a trial that goes well, the sweep does not go on.
  package var isStuck: Bool {
    guard health.isAnyDrained, !isComplete, attempts.isEmpty else { return false }
    return roster.allAdmitted { health.isGivenUp($0.host) } ?? false
  }

  /// A worker of this host has brought the first outcome of a point.
  mutating func noteSuccess(of session: SessionID) {
    guard let host = roster[session]?.host else { return }
    let (wasDrained, isRecorded) = health.noteSuccess(on: host)
    guard wasDrained else { return }
    mayAssign = true
    log(
      .info, "host \(host.name) has trained a point; it is given points again",
      about: LogSubject(host: host.name))
    if isRecorded { out.add(.record(.drain(host: host, reason: nil, excused: []))) }
  }

  /// Whether a lost attempt counts against its point: it does not where its host is to blame.
  mutating func countsAgainstPoint(
    _ id: AttemptID, _ attempt: AttemptState, _ reason: FailureReason
  ) -> Bool {
    guard let host = roster[attempt.session]?.host else { return true }
    let failure = HostHealth.Failure(
      attempt: id, index: attempt.index, reason: reason, trained: attempt.trained)
    switch health.judge(
      failure, on: host, slots: roster.slots(on: host), outcomes: totals.finishedHere, at: time.now)
    {
    case .point: return true
    case .drainedHost(let drain, let pause):
      out.add(.record(.drain(host: host, reason: drain, excused: [id])))
      if let pause { logFailedTrial(of: host, reason.message, pause) }
    case .badHost(let text, let pause, let excused):
      log(
        .error,
        "DRAINED: \(text). It is given nothing for \(pause.inWords), and these failures do not "
          + "count against the points: look at its memory, its disk and its libraries",
        about: LogSubject(host: host.name))
      out.add(
        .record(.drain(host: host, reason: text, excused: excused.map(\.attempt))))
      for failure in excused.dropLast() { excuse(failure.index) }
      handBackUnstarted(host)
    }
    return false
  }

  /// A worker says that its host can train nothing: the attempt goes to others and counts against no
  /// one, and the host is given nothing for a while.
  mutating func receiveHostFault(_ text: String, of id: AttemptID, from session: SessionID) {
    out.add(.record(.release(id)))
    guard let host = roster[session]?.host else { return }
    let wasDrained = health.drain(of: host) != nil
    guard let pause = health.stateFault(text, on: host, in: id, at: time.now) else { return }
    guard !wasDrained else { return logFailedTrial(of: host, text, pause) }
    log(
      .error,
      "DRAINED: host \(host.name) can train nothing: \(text). It is tried again in \(pause.inWords); "
        + "no point is to blame", about: LogSubject(host: host.name))
    handBackUnstarted(host)
  }

  private mutating func logFailedTrial(of host: HostIdentity, _ reason: String, _ pause: Duration) {
    log(
      .warning,
      "host \(host.name) failed its trial (\(reason)); it is given nothing for \(pause.inWords)",
      about: LogSubject(host: host.name))
  }

  /// A loss at this position does not count any more.
  private mutating func excuse(_ index: Int) {
    guard !AuditPosition.isAudit(index) else { return audits.excuse(index) }
    guard points.excuse(index), !attempts.isHeld(index) else { return }
    points.putBack(index)
    mayAssign = true
  }

  /// Points that wait on a drained host go to others.
  private mutating func handBackUnstarted(_ host: HostIdentity) {
    for worker in roster.sorted where worker.host == host {
      for id in worker.assigned.sorted() {
        guard let attempt = attempts[id], case .leased = attempt.phase, attempt.progress.steps == 0
        else { continue }
        giveBack(id)
      }
    }
  }
}
