import Sweep
import VAE
import Wire

extension Scheduler {
  /// Passes an outcome on to the store.
  ///
  /// Its answer settles the point, not the arrival.
  mutating func deliver(_ delivery: Delivery, from peer: PeerID) {
    guard admitted(delivery.session, from: peer) != nil else { return }
    let outcome = delivery.outcome
    // The key of a known attempt was made from its point; any other is made anew.
    let attempt = attempts[delivery.attempt]
    let expected =
      attempt?.point == outcome.point ? attempt?.key : key(of: outcome.point)
    guard outcome.key == expected else {
      workers[delivery.session]?.reject(delivery.attempt)
      totals.refusedAttempts += 1
      return complain("dropped an outcome whose key does not fit its point")
    }
    if let attempt {
      guard attempt.key == outcome.key else {
        workers[delivery.session]?.reject(delivery.attempt)
        totals.refusedAttempts += 1
        return complain("dropped an outcome of another point than \(delivery.attempt)'s")
      }
      switch attempt.phase {
      case .recording: return
      case .leased:
        close(delivery.attempt)
        attempts.update(delivery.attempt) { $0.isDelivered = true }
        if attempt.session == delivery.session { addRoom(of: delivery.session) }
      case .closing:
        // Its loss or release is on its way to the store; the outcome makes up for it.
        guard !attempt.isDelivered, expectLate(delivery) else { return }
      }
    } else {
      // Of an earlier epoch, or given up: the store knows whether it was ever granted.
      guard expectLate(delivery) else { return }
    }
    effects.append(
      .record(
        .outcome(
          outcome, delivery.receipt, attempt: delivery.attempt, session: delivery.session)))
  }

  /// Notes an outcome on its way to the store that does not end a lease.
  ///
  /// - Returns: False beyond a bounded number of each worker; it sends them again.
  private mutating func expectLate(_ delivery: Delivery) -> Bool {
    guard (workers[delivery.session]?.late ?? 0) < Self.mostLate,
      lateOutcomes.insert(delivery.attempt).inserted
    else { return false }
    workers[delivery.session]?.late += 1
    return true
  }

  /// The store has spoken about an outcome.
  mutating func settle(
    _ outcome: Outcome, of id: AttemptID, from session: SessionID, _ answer: CommittedRecord.Answer
  ) {
    if lateOutcomes.remove(id) != nil { workers[session]?.late -= 1 }
    if answer == .unknownAttempt {
      forget(id)
      workers[session]?.reject(id)
      totals.refusedAttempts += 1
      return complain("dropped an outcome of attempt \(id), which was never granted")
    }
    if case .differs(let stored) = answer {
      totals.faults += 1
      log(
        .error,
        "FAULT: \(workers[session]?.name ?? "a worker") got result "
          + "\(outcome.resultDigest.short) for point \(outcome.key.short), but "
          + "\(stored.prefix(12)) is stored: one of two hosts computes wrongly (table faults names "
          + "both)")
    }
    orphans.remove(id)
    let index = attempts[id]?.index ?? settings.grid.index(of: outcome.point)
    forget(id)
    if answer == .stored, let index { finish(index, outcome.status, by: session) }
    if let peer = workers[session]?.peer {
      send(.acknowledgement(Acknowledgement(session: session, attempt: id)), to: peer)
    }
  }

  /// A position has its outcome: every other attempt at it is called off, and a failure is undone.
  private mutating func finish(_ index: Int, _ status: OutcomeStatus, by session: SessionID) {
    switch status {
    case .ok: totals.ok += 1
    case .diverged: totals.diverged += 1
    }
    totals.finishedHere += 1
    workers[session]?.finished += 1
    noteSuccess(of: session)
    queue.remove(index)
    countAgain(index)
    losses[index] = nil
    failed[index] = nil
    dropCheckpoint(at: index)
    for id in attempts.ids(at: index) {
      // One whose own record is under way goes when that is durable.
      if case .leased? = attempts[id]?.phase {
        forget(id)
      } else {
        attempts.update(id) { $0.isSuperseded = true }
      }
    }
    orphans.remove(at: index)
  }

  /// A worker reports that an attempt ended without an outcome.
  mutating func fail(_ report: FailureReport, from peer: PeerID) {
    guard admitted(report.session, from: peer) != nil else { return }
    if adopt(report.attempt, by: report.session) {
      workers[report.session]?.assigned.insert(report.attempt)
    }
    // Another's, who may still claim it: to be told again when the grace is over.
    guard orphans[report.attempt] == nil else { return }
    guard let attempt = attempts[report.attempt] else {
      let acknowledgement = Acknowledgement(session: report.session, attempt: report.attempt)
      return send(.acknowledgement(acknowledgement), to: peer)
    }
    guard attempt.session == report.session, case .leased = attempt.phase else { return }
    close(report.attempt)
    addRoom(of: report.session)
    attempts.update(report.attempt) {
      $0.trained = report.trained
      $0.isReported = true
    }
    effects.append(.record(.failure(report.attempt, key: attempt.key, report.reason)))
  }

  /// A failure is on record: the point is tried again, or failed for good.
  mutating func lose(_ id: AttemptID, _ reason: FailureReason) {
    guard let attempt = attempts[id] else { return }
    let counts = reason.isRetried ? countsAgainstPoint(id, attempt, reason) : true
    forget(id)
    // Only what the worker reported: one that lost its lease may hold the outcome by now, and would
    // forget it.
    if attempt.isReported, let worker = workers[attempt.session] {
      send(
        .acknowledgement(Acknowledgement(session: attempt.session, attempt: id)), to: worker.peer)
    }
    if attempt.isReplay {
      guard counts else { return handBackReplay(at: attempt.index) }
      return loseReplay(at: attempt.index, reason.message, isRetried: reason.isRetried)
    }
    guard !attempt.isSuperseded, !isHeld(attempt.index), failed[attempt.index] == nil,
      !lateOutcomes.contains(id)
    else { return }
    guard !isLeftOut(attempt.index) else { return }
    let name = "\(attempt.point.configuration.architecture) (\(attempt.key.short))"
    guard reason.isRetried else {
      failed[attempt.index] = reason.message
      return log(.warning, "point \(name) failed: \(reason.message)")
    }
    guard counts else {
      queue.putBack(attempt.index)
      return
    }
    let lost = losses[attempt.index, default: 0] + 1
    losses[attempt.index] = lost
    if lost >= settings.mostLosses {
      failed[attempt.index] = "\(lost) lost attempts; the last: \(reason.message)"
      log(.warning, "point \(name) failed after \(lost) lost attempts: \(reason.message)")
    } else {
      queue.putBack(attempt.index)
      mayAssign = true
      log(
        .warning,
        "attempt \(lost) of \(settings.mostLosses) at point \(name) lost: \(reason.message)")
    }
  }

  /// A release is on record: the point waits for its next taker.
  mutating func handBack(_ id: AttemptID) {
    guard let attempt = attempts[id] else { return }
    forget(id)
    if attempt.isReplay { return handBackReplay(at: attempt.index) }
    guard !lateOutcomes.contains(id) else { return }
    if !attempt.isSuperseded, !isHeld(attempt.index), !isLeftOut(attempt.index) {
      queue.putBack(attempt.index)
      mayAssign = true
    }
  }

  /// An attempt has ended; what becomes of it is for the store to say.
  mutating func close(_ id: AttemptID) {
    guard let attempt = attempts[id] else { return }
    if case .closing = attempt.phase { return }
    attempts.update(id) { $0.phase = .closing }
    workers[attempt.session]?.closing += 1
    mayAssign = true
  }

  mutating func forget(_ id: AttemptID) {
    guard let attempt = attempts.remove(id) else { return }
    mayAssign = true
    forgetTrial(id)
    guard workers[attempt.session]?.assigned.remove(id) != nil else { return }
    if case .closing = attempt.phase { workers[attempt.session]?.closing -= 1 }
  }
}
