import Sweep
import Wire

/// Points that an operator wants trained again go through attempts as all others do, at positions of their
/// own behind the grid. Whatever comes of them changes nothing in the sweep: the store compares the outcome
/// and keeps none, and a lost attempt is counted here alone.
extension Scheduler {
  /// Results of one answer; the next ones follow as soon as the operator has these.
  private static let maxResults = 32

  /// Takes what an operator lacks of its audit, and answers with what is there.
  mutating func answerAudit(_ request: AuditRequest, to peer: PeerID) {
    guard !isComplete else {
      return refuseAudit(
        "the sweep is complete and its coordinator ends: start it again with --linger, such as "
          + "--linger 10m, which keeps it and its workers for audits", peer)
    }
    let fits =
      request.dataset == settings.dataset && request.trainerVersion == settings.trainerVersion
    if fits {
      guard audits.isKnown(request.audit) || audits.count < AuditLedger.maxAudits else {
        return refuseAudit("\(AuditLedger.maxAudits) audits are under way: try again later", peer)
      }
      take(request)
    }
    let counts = audits.counts(of: request.audit)
    let progress = AuditProgress(
      audit: request.audit, sweep: settings.sweep, dataset: settings.dataset,
      trainerVersion: settings.trainerVersion, waiting: counts.waiting, running: counts.running)
    let results = audits.results(of: request.audit, atMost: Self.maxResults)
    let answer: [ToOperator] = [.auditProgress(progress)] + results.map { .auditResult($0) }
    self.answer(answer, to: peer)
  }

  private mutating func refuseAudit(_ reason: String, _ peer: PeerID) {
    answer([.refusal(Refusal(reason: reason))], to: peer)
  }

  private mutating func take(_ request: AuditRequest) {
    let wasKnown = audits.isKnown(request.audit)
    for order in audits.news(in: request) {
      let isItsKey = points.key(of: order.point) == order.key
      audits.add(
        order, of: request.audit, own: settings.grid.index(of: order.point),
        problem: isItsKey ? nil : "its key does not fit its point", at: time.now)
    }
    for position in audits.keep(request, at: time.now) { callOffAudit(at: position) }
    mayAssign = true
    let isKnown = audits.isKnown(request.audit)
    if !wasKnown, isKnown {
      log(.info, "an audit has \(request.points.count.of("point")) trained again")
    } else if wasKnown, !isKnown {
      log(.info, "the audit is over")
    }
  }

  /// The next point that this worker is to train again, once nothing else is left to train.
  mutating func nextAudit(for worker: WorkerState) -> (position: Int, order: AuditOrder)? {
    let now = time.now
    let sites = roster.sites.filter {
      health.mayTrain($0.host, at: now) && !orders.isDrained($0.host.name)
    }.map(\.site)
    let attempts = attempts
    return audits.take(for: worker.site, among: Set(sites)) { attempts.isHeld($0) }
  }

  /// The store has compared the outcome of an audit's attempt.
  mutating func auditRecorded(
    _ outcome: Outcome, _ receipt: Receipt, of id: AttemptID, from session: SessionID
  ) {
    noteSuccess(of: session)
    guard let position = audits.finish(id, outcome, receipt) else { return }
    // One that was given up and came late may have found a successor.
    for other in attempts.ids(at: position) where other != id { callOff(other) }
  }

  /// An attempt has ended without an outcome; where its host is not to blame it counts against its point.
  mutating func recordLoss(of id: AttemptID, _ attempt: AttemptState, _ reason: FailureReason) {
    switch attempt.purpose {
    case .outcome, .artifacts: out.add(.record(.failure(id, key: attempt.key, reason)))
    case .audit:
      if !reason.isRetried || countsAgainstPoint(id, attempt, reason) {
        audits.lose(
          at: attempt.index, reason.message, isRetried: reason.isRetried,
          maxLosses: settings.maxLosses)
      }
      out.add(.record(.release(id)))
    }
  }

  /// An attempt of an audit is on record as ended: its point waits for the next worker, if it is wanted.
  mutating func handBackAudit(at position: Int) {
    guard !attempts.isHeld(position), audits.handBack(position) else { return }
    mayAssign = true
  }

  /// Forgets audits that nobody asks for any more.
  mutating func judgeAudits() {
    guard !audits.isEmpty else { return }
    for audit in audits.silent(at: time.now) {
      for position in audits.drop(audit) { callOffAudit(at: position) }
      log(
        .warning,
        "an audit is dropped: nobody has asked for it for \(AuditLedger.patience.inWords)")
    }
    // Whatever ended an attempt, its point waits again.
    for position in audits.running { handBackAudit(at: position) }
    if audits.waitingCount > 0 { mayAssign = true }
  }

  private mutating func callOffAudit(at position: Int) {
    for id in attempts.ids(at: position) { callOff(id) }
  }

  /// Nobody wants this attempt any more.
  private mutating func callOff(_ id: AttemptID) {
    guard let attempt = attempts[id] else { return }
    switch attempt.phase {
    case .recording: attempts.update(id) { $0.isSuperseded = true }
    case .leased:
      giveBack(id)
    case .closing: break
    }
  }
}
