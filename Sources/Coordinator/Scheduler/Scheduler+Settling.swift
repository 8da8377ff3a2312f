import Sweep
import VAE
import Wire

extension Scheduler {
  /// Passes an outcome on to the store.
  ///
  /// Its answer settles the point, not the arrival.
  mutating func receiveOutcome(_ delivery: Delivery, _ origin: Origin) {
    guard admitted(origin) != nil else { return }
    let outcome = delivery.outcome
    // The key of a known attempt was made from its point; any other is made anew.
    let attempt = attempts[delivery.attempt]
    let expected =
      attempt?.point == outcome.point ? attempt?.key : points.key(of: outcome.point)
    guard outcome.key == expected else {
      return refuse(delivery.attempt, "whose key does not fit its point", from: origin.session)
    }
    guard outcome.isWhole else {
      return refuse(delivery.attempt, "that lacks epochs", from: origin.session)
    }
    guard settings.mixed || delivery.receipt.fingerprint == settings.fingerprint else {
      return refuse(
        delivery.attempt, "that was made under another numeric fingerprint", from: origin.session)
    }
    if let attempt {
      guard attempt.key == outcome.key else {
        return refuse(
          delivery.attempt, "of another point than \(delivery.attempt)'s", from: origin.session)
      }
      switch attempt.phase {
      case .recording: return
      case .leased:
        if outcome.status == .ok, !attempt.isOfBefore { countRest(of: attempt) }
        close(delivery.attempt)
        attempts.update(delivery.attempt) { $0.isDelivered = true }
        if attempt.session == origin.session { addRoom(of: origin.session) }
      case .closing:
        // Its loss or release is on its way to the store; the outcome makes up for it.
        guard !attempt.isDelivered, expectLate(delivery.attempt, origin.session) else { return }
      }
    } else {
      // Of an earlier epoch, or given up: the store knows whether it was ever granted.
      guard expectLate(delivery.attempt, origin.session) else { return }
    }
    out.add(
      .record(
        .outcome(
          outcome, delivery.receipt, attempt: delivery.attempt, session: origin.session)))
  }

  /// Drops an outcome that cannot be what it claims to be.
  ///
  /// An attempt of the worker that delivered it is lost: the worker has nothing better to deliver.
  private mutating func refuse(
    _ id: AttemptID, _ what: String, from session: SessionID
  ) {
    roster.update(session) { $0.reject(id) }
    totals.refusedAttempts += 1
    complain(
      "dropped an outcome \(what)",
      about: LogSubject(worker: roster[session]?.name, attempt: id))
    guard let attempt = attempts[id], attempt.session == session, case .leased = attempt.phase
    else { return }
    close(id)
    recordLoss(of: id, attempt, .workerLost("it delivered an outcome \(what)"))
  }

  /// Notes an outcome on its way to the store that does not end a lease.
  ///
  /// - Returns: False beyond a bounded number of each worker; it sends them again.
  private mutating func expectLate(_ id: AttemptID, _ session: SessionID) -> Bool {
    guard (roster[session]?.late ?? 0) < WorkerState.maxLate, attempts.expectLate(id)
    else { return false }
    roster.update(session) { $0.late += 1 }
    return true
  }

  /// The store has spoken about an outcome.
  mutating func outcomeRecorded(
    _ outcome: Outcome, of id: AttemptID, from session: SessionID, _ answer: CommittedRecord.Answer
  ) {
    if attempts.noteLateRecorded(id) { roster.update(session) { $0.late -= 1 } }
    if answer == .unknownAttempt {
      forget(id)
      roster.update(session) { $0.reject(id) }
      totals.refusedAttempts += 1
      return complain(
        "dropped an outcome of attempt \(id), which was never granted",
        about: subject(of: id, key: outcome.key, from: session))
    }
    if let stored = answer.otherDigest {
      totals.faults += 1
      log(
        .error,
        "FAULT: \(roster[session]?.name ?? "a worker") got result "
          + "\(outcome.resultDigest.short) for point \(outcome.key.short), but "
          + "\(stored.prefix(12)) is stored: one of two hosts computes wrongly (table faults names "
          + "both)", about: subject(of: id, key: outcome.key, from: session))
    }
    if answer == .stored, settings.logsAttempts {
      log(
        .attempt, "attempt \(id) has its outcome: \(outcome.status.rawValue)",
        about: subject(of: id, key: outcome.key, from: session))
    }
    attempts.dropOrphan(id)
    let index = attempts[id]?.index ?? settings.grid.index(of: outcome.point)
    let unheard = attempts[id].map(fractionOfItsOwn) ?? (attempts.isOwn(id) ? 1 : 0)
    let isReplayed = answer == .alreadyStored && attempts[id]?.purpose == .artifacts
    forget(id)
    if let index, answer == .stored || isReplayed { work.settle(index, unheard: unheard) }
    if let index, answer == .stored { finish(index, outcome.status, by: session) }
    if let worker = roster[session] {
      send(.acknowledgement(Acknowledgement(attempt: id)), to: worker)
    }
  }

  /// What an attempt has trained of its point that has told of no step and has its outcome.
  private func fractionOfItsOwn(_ attempt: AttemptState) -> Double {
    guard !attempt.isOfBefore else { return 0 }
    let steps = attempt.point.configuration.steps(of: settings.trainImages) ?? 0
    return steps > 0 ? 1 - Double(min(attempt.checkpointStep, steps)) / Double(steps) : 1
  }

  /// A position has its outcome: every other attempt at it is called off, and a failure is undone.
  private mutating func finish(_ index: Int, _ status: OutcomeStatus, by session: SessionID) {
    switch status {
    case .ok: totals.ok += 1
    case .diverged: totals.diverged += 1
    }
    totals.finishedHere += 1
    roster.update(session) { $0.finished += 1 }
    noteSuccess(of: session)
    points.settle(index)
    allocationLosses.settle(index)
    dropCheckpoint(at: index)
    for id in attempts.ids(at: index) {
      // One whose own record is under way goes when that is durable.
      if case .leased? = attempts[id]?.phase {
        forget(id)
      } else {
        attempts.update(id) { $0.isSuperseded = true }
      }
    }
    attempts.dropOrphan(at: index)
  }

  /// A worker reports that an attempt ended without an outcome.
  mutating func receiveFailure(_ report: FailureReport, _ origin: Origin) {
    guard admitted(origin) != nil else { return }
    if adopt(report.attempt, by: origin.session) {
      roster.update(origin.session) { $0.assigned.insert(report.attempt) }
    }
    // Another's, who may still claim it: to be told again when the grace is over.
    guard !attempts.isOrphan(report.attempt) else { return }
    guard let attempt = attempts[report.attempt] else {
      return send(.acknowledgement(Acknowledgement(attempt: report.attempt)), to: origin)
    }
    guard attempt.session == origin.session, case .leased = attempt.phase else { return }
    close(report.attempt)
    addRoom(of: origin.session)
    attempts.update(report.attempt) {
      $0.trained = report.trained
      $0.isReported = true
    }
    guard attempt.key == report.key else {
      totals.refusedAttempts += 1
      complain(
        "dropped a failure of another point than \(report.attempt)'s",
        about: subject(of: report.attempt, attempt))
      return out.add(.record(.release(report.attempt)))
    }
    if case .host(let text) = report.reason {
      return receiveHostFault(text, of: report.attempt, from: origin.session)
    }
    recordLoss(of: report.attempt, attempts[report.attempt] ?? attempt, report.reason)
  }

  /// A failure is on record: the point is tried again, or failed for good.
  mutating func failureRecorded(_ id: AttemptID, _ reason: FailureReason) {
    guard let attempt = attempts[id] else { return }
    points.noteFailure(at: attempt.index)
    let counts = reason.isRetried ? countsAgainstPoint(id, attempt, reason) : true
    forget(id)
    // Only what the worker reported: one that lost its lease may hold the outcome by now, and would
    // forget it.
    if attempt.isReported, let worker = roster[attempt.session] {
      send(.acknowledgement(Acknowledgement(attempt: id)), to: worker)
    }
    switch attempt.purpose {
    case .outcome: break
    case .artifacts:
      guard counts else { return handBackReplay(at: attempt.index) }
      return loseReplay(at: attempt.index, reason.message, isRetried: reason.isRetried)
    case .audit: return handBackAudit(at: attempt.index)
    }
    guard !attempt.isSuperseded, !attempts.isHeld(attempt.index),
      points.failed[attempt.index] == nil,
      !attempts.isLate(id)
    else { return }
    guard !points.isLeftOut(attempt.index) else { return work.drop(attempt.index) }
    let name = "\(attempt.point.configuration.architecture) (\(attempt.key.short))"
    let subject = subject(of: id, attempt)
    guard reason.isRetried else {
      points.fail(attempt.index, reason.message)
      work.drop(attempt.index)
      return log(.warning, "point \(name) failed: \(reason.message)", about: subject)
    }
    guard counts else {
      points.putBack(attempt.index)
      return
    }
    let (lost, isFailed) = points.countLoss(at: attempt.index, reason.message)
    if isFailed {
      work.drop(attempt.index)
      log(
        .warning, "point \(name) failed after \(lost) lost attempts: \(reason.message)",
        about: subject)
    } else {
      mayAssign = true
      log(
        .warning,
        "attempt \(lost) of \(settings.maxLosses) at point \(name) lost: \(reason.message)",
        about: subject)
    }
  }

  /// A release is on record: the point waits for its next taker.
  mutating func releaseRecorded(_ id: AttemptID) {
    guard let attempt = attempts[id] else { return }
    note("attempt \(id) is handed back", of: id, attempt)
    forget(id)
    if attempt.isReported, let worker = roster[attempt.session] {
      send(.acknowledgement(Acknowledgement(attempt: id)), to: worker)
    }
    switch attempt.purpose {
    case .outcome: break
    case .artifacts: return handBackReplay(at: attempt.index)
    case .audit:
      // An outcome that came too late for its lease makes up for it.
      return attempts.isLate(id) ? () : handBackAudit(at: attempt.index)
    }
    guard !attempts.isLate(id) else { return }
    guard !attempt.isSuperseded, !attempts.isHeld(attempt.index) else { return }
    guard !points.isLeftOut(attempt.index) else { return work.drop(attempt.index) }
    points.putBack(attempt.index)
    mayAssign = true
  }

  /// An attempt has ended; what becomes of it is for the store to say.
  mutating func close(_ id: AttemptID) {
    guard let attempt = attempts[id] else { return }
    if case .closing = attempt.phase { return }
    attempts.update(id) { $0.phase = .closing }
    dropCheckpointPulls(of: id, from: attempt.session)
    roster.update(attempt.session) { $0.closing += 1 }
    mayAssign = true
  }

  /// An attempt ends early through nobody's fault: its position goes to others when that is on record.
  mutating func giveBack(_ id: AttemptID) {
    close(id)
    out.add(.record(.release(id)))
  }

  mutating func forget(_ id: AttemptID) {
    guard let attempt = attempts.remove(id) else { return }
    mayAssign = true
    _ = health.forget(id)
    dropCheckpointPulls(of: id, from: attempt.session)
    roster.update(attempt.session) { worker in
      guard worker.assigned.remove(id) != nil else { return }
      if case .closing = attempt.phase { worker.closing -= 1 }
    }
  }
}

extension Outcome {
  /// Whether it has a record of every epoch that it claims to have trained.
  fileprivate var isWhole: Bool {
    switch result.ending {
    case .completed: result.history.count == point.configuration.epochs
    case .diverged(let epoch): result.history.count <= epoch
    }
  }
}
