import Sweep
import VAE
import Wire

extension Scheduler {
  /// Notes how many points more a worker would take.
  mutating func setRoom(_ room: Int, of session: SessionID) {
    if roster.setRoom(room, of: session) { mayAssign = true }
  }

  /// A worker has finished a point, and so has room for one more; its next heartbeat says exactly.
  mutating func addRoom(of session: SessionID) {
    setRoom((roster[session]?.room ?? 0) + 1, of: session)
  }

  /// Hands points to workers with room, one each in turn: idle slots first, then ahead of need, but
  /// only while there is more work than slots.
  ///
  /// Ahead of need a worker may have as many points as slots, and more where its points are so
  /// short that it asks for more: up to half of its share of what is left. At the tail of a sweep a
  /// point that waits behind a busy slot would keep another worker idle.
  mutating func assign() {
    guard mayAssign else { return }
    mayAssign = false
    guard attempts.mayBegin, standing == .running, !orders.isPaused, storeTrouble == nil,
      !roster.line.isEmpty
    else { return }
    guard points.hasNext() || !artifactLedger.waiting.isEmpty || audits.waitingCount > 0 else {
      return
    }
    // An audit's point is handed out to an idle slot alone: ahead of need it would wait there.
    serve(withAudits: true) { worker, _ in worker.load < worker.slots }
    let total = max(1, roster.slots)
    serve(withAudits: false) { worker, left in
      let own = worker.slots
      guard left > total else { return false }
      return worker.load - own < max(own, own * left / (2 * total))
    }
  }

  /// - Parameter wants: Whether a worker is to have one more while so many points are left.
  private mutating func serve(withAudits: Bool, _ wants: (WorkerState, _ left: Int) -> Bool) {
    var served = true
    while served, !roster.line.isEmpty {
      served = false
      for session in roster.line {
        let again = artifactLedger.waiting.count + (withAudits ? audits.waitingCount : 0)
        let left = points.maxLeft + again
        // No copy of a worker may be alive when its attempts grow: all of them would be copied.
        guard accepts(session, left, wants) else { continue }
        guard attempts.mayBegin else { return }
        if let (index, point) = points.next() {
          offer(index, point, to: session)
        } else {
          guard again > 0 else { return }
          guard offerAgain(to: session, withAudits: withAudits) else { continue }
        }
        served = true
      }
      roster.clearLine()
    }
  }

  /// Points that have their outcome come last: those that lack artifacts, to workers of its fingerprint,
  /// and then those of audits.
  ///
  /// - Returns: Whether there was one for this worker.
  private mutating func offerAgain(to session: SessionID, withAudits: Bool) -> Bool {
    guard let worker = roster[session] else { return false }
    if let (index, point) = nextReplay(for: worker) {
      offer(index, point, to: session, for: .artifacts)
      return true
    }
    guard withAudits, audits.waitingCount > 0, let (position, order) = nextAudit(for: worker)
    else { return false }
    let id = offer(position, order.point, to: session, for: .audit)
    audits.note(id, at: position)
    return true
  }

  private func accepts(_ session: SessionID, _ left: Int, _ wants: (WorkerState, Int) -> Bool)
    -> Bool
  {
    roster[session].map {
      $0.room > 0 && wants($0, left) && health.mayTrain($0.host, at: time.now)
        && !orders.isDrained($0.hello.host)
    } ?? false
  }

  @discardableResult
  private mutating func offer(
    _ index: Int, _ point: Point, to session: SessionID,
    for purpose: AttemptState.Purpose = .outcome
  ) -> AttemptID {
    let key = points.key(of: point)
    let state = AttemptState(
      index: index, key: key, point: point, session: session, phase: .recording,
      purpose: purpose)
    let id = attempts.begin(state)
    roster.update(session) {
      $0.room -= 1
      $0.assigned.insert(id)
    }
    if let host = roster[session]?.host { health.noteOffer(of: id, to: host) }
    record(session)
    out.add(
      .record(.attempt(id, index: index, key: key, point: point, session: session)))
    return id
  }

  private mutating func record(_ session: SessionID) {
    guard let worker = roster[session], !worker.isRecorded else { return }
    roster.update(session) { $0.isRecorded = true }
    out.add(
      .record(
        .worker(
          session, worker.hello, fingerprint: worker.fingerprint, owner: worker.owner)))
  }

  /// The attempt is on record: now, and not before, it is granted.
  mutating func attemptRecorded(_ id: AttemptID, key: PointKey, point: Point) {
    attempts.noteRecorded()
    mayAssign = true
    guard let attempt = attempts[id], case .recording = attempt.phase else { return }
    guard let worker = roster[attempt.session], !attempt.isSuperseded,
      !isBarred(id, attempt.session), mayBegin(attempt, on: worker)
    else {
      // The worker left, its host was drained, an operator ordered otherwise, or a late outcome came,
      // between the offer and its record; nobody was ever told of the attempt.
      giveBack(id)
      return
    }
    let now = time.now
    let checkpoint = checkpoints.reference(at: attempt.index, fingerprint: worker.fingerprint)
    attempts.update(id) {
      $0.phase = .leased(listed: now)
      $0.checkpointStep = checkpoint?.step ?? 0
    }
    note(
      "attempt \(id) is granted: point \(point.configuration.architecture) (\(key.short))",
      of: id, attempt)
    send(
      .grant(
        Grant(
          attempt: id, key: key, point: point, artifacts: wantedArtifacts(of: attempt),
          checkpoint: checkpoint)),
      to: worker)
  }
}
