import Coordinator
import Sweep
import VAE
import Wire

/// What an observer who sees everything remembers of a history.
struct Witness {
  /// The heartbeat that the coordinator is answering.
  var heartbeat: Heartbeat?
  /// The youngest attempt that was granted for each point.
  private(set) var newest: [PointKey: AttemptID] = [:]
  /// Outcomes whose acknowledgement a worker has heard.
  private(set) var acknowledged: [AttemptID: PointKey] = [:]
  var ticks = 0
  /// Orders whose operator was told that they hold.
  var ordersHeard = 0
  /// The farthest progress of each attempt that this coordinator has shown.
  private(set) var progress: [AttemptID: AttemptProgress] = [:]
  private var peers: [SessionID: PeerID] = [:]

  mutating func meet(_ session: SessionID, at peer: PeerID) { peers[session] = peer }

  func peer(of session: SessionID) -> PeerID? { peers[session] }

  mutating func grant(_ id: AttemptID, of key: PointKey) { newest[key] = id }

  mutating func acknowledge(_ id: AttemptID, of key: PointKey) { acknowledged[id] = key }

  /// The store was put back: what it does not know was lost, and nobody has promised otherwise.
  mutating func forgetWhatCame(after store: FakeStore) {
    newest.removeAll()
    acknowledged = acknowledged.filter { store.outcomes[$0.value] != nil }
    ordersHeard = min(ordersHeard, store.orders.count)
  }

  mutating func forgetProgress() { progress.removeAll() }

  mutating func show(_ shown: AttemptProgress, of id: AttemptID) { progress[id] = shown }
}

extension World {
  /// What is said must already be durable, and must not go back to an older attempt.
  mutating func check(_ message: ToWorker, to peer: PeerID) throws(Violation) {
    switch message {
    case .grant(let grant):
      guard store.attempts[grant.attempt]?.key == grant.key else {
        throw Violation(description: "granted \(grant.attempt) before it was recorded")
      }
      guard !store.isAudit(grant.attempt) else {
        guard grant.checkpoint == nil, grant.artifacts.isEmpty else {
          throw Violation(description: "an audit goes on from what others trained")
        }
        return
      }
      if let newest = witness.newest[grant.key] {
        guard grant.attempt >= newest else {
          throw Violation(
            description: "granted \(grant.attempt), though \(newest) has its point by now")
        }
        if grant.attempt == newest { happenings.regrants += 1 }
      }
      witness.grant(grant.attempt, of: grant.key)
      if let checkpoint = grant.checkpoint {
        happenings.resumed += 1
        try check(checkpoint, grant)
      }
    case .acknowledgement(let ack) where !store.ended.contains(ack.attempt):
      // A failure of an attempt that another one has outrun needs no record, nor does one of an audit's
      // attempt that an earlier coordinator granted.
      guard !store.isAudit(ack.attempt) else { return }
      guard let key = store.attempts[ack.attempt]?.key, store.outcomes[key] == nil else { return }
      guard store.failureReason(of: key) != nil else {
        throw Violation(description: "acknowledged \(ack.attempt) before it was committed")
      }
    case .heartbeatReply(let reply): try checkLeases(reply)
    case .artifactSettled(let settled): try check(settled)
    case .acknowledgement, .refusal, .terms, .recall, .checkpointReply, .blobRequest, .blobChunk,
      .finish, .joinReply:
      break
    }
  }

  /// No attempt is charged to its point because a batch scheduler took the worker away.
  func checkAllocation(_ record: Record) throws(Violation) {
    guard case .failure(let id, _, .workerLost(let reason)) = record,
      reason.hasSuffix("fell silent") || reason.hasSuffix("died"),
      let session = store.attempts[id]?.session, allocated.contains(session)
    else { return }
    throw Violation(description: "\(id) is charged, and was lost with its allocation: \(reason)")
  }

  /// What a worker is to go on from is on record.
  private func check(_ checkpoint: CheckpointReference, _ grant: Grant) throws(Violation) {
    guard
      store.outcomes[grant.key] != nil
        || (store.checkpoints[grant.key]?.reference.step ?? 0) >= checkpoint.step
    else {
      throw Violation(description: "granted \(grant.attempt) a checkpoint that is not on record")
    }
  }

  /// Only the newest attempt of a point is trained on; one whose outcome is with the store is kept
  /// until that is committed, and not trained on.
  private mutating func checkLeases(_ reply: HeartbeatReply) throws(Violation) {
    guard let heartbeat = witness.heartbeat else { return }
    for held in heartbeat.held where !held.finished && reply.keep.contains(held.attempt) {
      guard let key = store.attempts[held.attempt]?.key, let newest = witness.newest[key],
        !store.isAudit(held.attempt)
      else { continue }
      guard held.attempt == newest || store.delivered.contains(held.attempt) else {
        throw Violation(
          description: "lets \(held.attempt) go on, though \(newest) has its point by now")
      }
    }
  }

  /// After a commit: one outcome each, one number each, nothing that goes back, and a checkpoint
  /// that is on record lies on the disk.
  func checkStore() throws(Violation) {
    if let offence = store.offences.first { throw Violation(description: offence) }
    guard store.writes.values.allSatisfy({ $0 == 1 }) else {
      throw Violation(description: "a second outcome took the place of the first")
    }
    guard store.faults == 0 else { throw Violation(description: "\(store.faults) faults") }
    for (key, checkpoint) in store.checkpoints
    where checkpointFiles[checkpoint.reference.digest] == nil {
      throw Violation(
        description:
          "the checkpoint of \(checkpoint.attempt) is on record, and its file is not there"
          + " (point \(key.short))")
    }
  }

  /// After a crash, when only what is durable is left: nothing acknowledged is gone.
  func checkAcknowledged() throws(Violation) {
    for (attempt, key) in witness.acknowledged where store.outcomes[key] == nil {
      throw Violation(description: "the outcome of \(attempt) was acknowledged and is gone")
    }
  }

  /// What the coordinator shows of an attempt under way never goes back.
  mutating func checkProgress() throws(Violation) {
    try checkWork()
    for worker in scheduler.status().workers {
      for running in worker.running {
        if let before = witness.progress[running.attempt], running.progress < before {
          throw Violation(description: "the progress of \(running.attempt) went back")
        }
        witness.show(running.progress, of: running.attempt)
      }
    }
  }

  /// No more is said to have been trained than was, and nothing that is left is behind anybody.
  func checkWork() throws(Violation) {
    let (trained, behind) = (scheduler.work.trained, scheduler.work.behind)
    let most = trainings.values.reduce(0, +)
    guard 0 <= trained, trained <= Double(most) + 1e-9, 0 <= behind else {
      throw Violation(
        description:
          "\(trained) points are said to be trained and \(behind) to be behind, of \(most)")
    }
  }

  mutating func checkEnd() throws(Violation) {
    try checkWork()
    guard scheduler.work.behind == 0 else {
      throw Violation(description: "at the end \(scheduler.work.behind) points are under way")
    }
    store.crash()
    try checkAcknowledged()
    try checkStore()
    try checkAudits()
    guard !isWronglyResumed else {
      throw Violation(description: "a trainer went on from another point's checkpoint")
    }
    let cancelled = cancelled(by: store.orders.count)
    let isWaived = isTold ? Set(spare) : []
    let standing = StandingOrders(store.orders)
    // Of the last orders the coordinator may have ended before it heard that they were durable.
    let heard = (witness.ordersHeard...store.orders.count).filter { count in
      scheduler.standingOrders.alerts == StandingOrders(Array(store.orders.prefix(count))).alerts
    }
    guard !heard.isEmpty,
      CancelledPositions(of: grid, by: standing.aboutPoints).positions
        == CancelledPositions(of: grid, by: store.orders).positions
    else {
      throw Violation(
        description:
          "what stands differs from what was ordered: \(scheduler.standingOrders.alerts), and of "
          + "\(store.orders.count) orders, \(witness.ordersHeard) acknowledged: \(standing.alerts)")
    }
    let left = Set(scheduler.cancelled.sorted).union(isWaived)
    guard heard.contains(where: { left == Set(self.cancelled(by: $0).sorted).union(isWaived) })
    else {
      throw Violation(
        description:
          "cancelled are \(scheduler.cancelled.sorted), and by the store \(cancelled.sorted), of "
          + "\(store.orders.count) orders, \(witness.ordersHeard) acknowledged")
    }
    for (index, point) in grid.points {
      let key = Sample.key(of: point)
      let outcome = store.outcomes[key]
      let failure = store.failureReason(of: key)
      if isTold, outcome == nil, spare.contains(index) {
        happenings.leftOut += 1
        continue
      }
      if cancelled.contains(index) {
        happenings.cancelled += 1
        continue
      }
      guard outcome != nil || failure != nil else {
        throw Violation(description: "point \(index) has neither an outcome nor a failure")
      }
      if store.pointErrors[key] != nil, !Sample.isRefused(point) {
        throw Violation(description: "point \(index) is failed with another point's reason")
      }
      if let outcome, outcome != Sample.outcome(of: point) {
        throw Violation(description: "point \(index) has another point's outcome")
      }
      if outcome == nil { happenings.failed += 1 }
      if outcome?.status == .ok { try checkArtifacts(of: point, key, at: index) }
    }
    let status = scheduler.status()
    guard status.ok + status.diverged == store.outcomes.count,
      status.ok + status.diverged + status.failed + status.cancelled == status.points
    else { throw Violation(description: "counts other than the store: \(status)") }
  }
}
