import Sweep
import Wire

// What is held: granted, trained, given back, dropped.
extension AgentSession {
  /// Everything held that has no outcome yet, slots first.
  var held: [HeldPoint] { slots.points + queue.waiting }

  /// Points this worker wants to hold: one for each slot, and what its slots need ahead.
  var capacity: Int { slots.count + pointsAhead }

  mutating func onGrant(_ grant: Grant) {
    let attempt = grant.attempt
    if queue.wasReturned(attempt) {
      // The message that gave it back was lost.
      return effects.send(.handback(Handback(attempts: [attempt])))
    }
    // More than a coordinator that counts would send is not taken.
    guard standing.isWorking, queue.count < Lookahead.maxAhead + 2 * slots.count,
      !queue.isSettled(attempt), !outbox.contains(attempt), !slots.contains(attempt),
      !queue.contains(attempt)
    else { return }
    queue.append(grant)
    fetchCheckpoints()
    heartbeats.noteNews()
    // It was on its way when the trouble began, or when time ran out.
    if trouble.isWaiting || !mayBegin { giveBack([attempt]) }
  }

  /// The coordinator knows a worker that would start these at once.
  mutating func onRecall(_ recall: Recall) {
    let wanted = Set(recall.attempts)
    giveBack(queue.waiting.map(\.attempt).filter(wanted.contains))
  }

  mutating func giveBack(_ attempts: [AttemptID]) {
    guard !attempts.isEmpty else { return }
    queue.giveBack(attempts)
    for attempt in attempts { heartbeats.forget(attempt) }
    effects.send(.handback(Handback(attempts: attempts)))
    heartbeats.noteNews()
  }

  /// Names all that is held, and says how much more would be taken.
  mutating func sendHeartbeat() {
    heartbeats.clear()
    switch standing {
    case .working: break
    // Until its checkpoints are handed over it holds what they belong to.
    case .stopping where !mayLeave: break
    case .seeking, .preparing, .stopping, .ended: return
    }
    let stopped = AttemptProgress(step: 0, steps: 1, epoch: 0)
    let none = AttemptProgress(step: 0, steps: 0, epoch: 0)
    var named = slots.held
    named += checkpoints.parting.map {
      HeldAttempt(attempt: $0.attempt, progress: stopped, finished: false)
    }
    named += queue.waiting.map {
      HeldAttempt(attempt: $0.attempt, progress: none, finished: false)
    }
    let capacity = capacity
    let mayTake =
      standing.isWorking && !trouble.isWaiting && mayBegin && preparation.datasetPath != nil
    let room = min(capacity - named.count, heldArtifacts.room(slots: slots.count))
    named += outbox.named.map { HeldAttempt(attempt: $0, progress: none, finished: true) }
    heartbeats.sent(named, sequence: effects.nextSequence, capacity: capacity, at: now)
    effects.send(
      .heartbeat(
        Heartbeat(
          held: named, credit: mayTake ? max(0, room) : 0, artifacts: heldArtifacts.named)))
  }

  /// The coordinator does not want this attempt held any more.
  mutating func drop(_ attempt: AttemptID) {
    queue.settle(attempt)
    heartbeats.forget(attempt)
    if let point = (held + checkpoints.parting).first(where: { $0.attempt == attempt }) {
      checkpoints.remove(point.key, &effects)
    }
    checkpoints.end(attempt, &effects)
    queue.remove(attempt)
    outbox.remove(attempt, at: now, &effects)
    heldArtifacts.forget(attempt)
    if slots.kill(attempt, &effects) {
      effects.log(
        "attempt \(attempt) is no longer wanted; stopping it", about: LogSubject(attempt: attempt))
    }
    heartbeats.sendNow()
  }

  /// Forgets every point without an outcome and ends its trainer.
  ///
  /// The outbox stays.
  mutating func letGoOfPoints() {
    for point in held {
      heartbeats.forget(point.attempt)
      checkpoints.end(point.attempt, &effects)
    }
    checkpoints.fetch = nil
    queue.removeAll()
    slots.killAll(&effects)
  }

  /// An attempt has ended: this goes to the coordinator until it is committed there.
  mutating func post(_ report: AttemptReport) {
    checkpoints.end(report.attempt, &effects)
    // A reply to a heartbeat from before does not know that it is finished.
    heartbeats.forget(report.attempt)
    outbox.post(report, at: now, &effects)
  }

  mutating func report(_ reason: FailureReason, of point: HeldPoint, trained: Duration) {
    post(
      .failure(
        FailureReport(
          attempt: point.attempt, key: point.key, reason: reason, trained: trained)))
  }

  /// A report that no message can carry: said again and again it would never arrive.
  mutating func onReportRefused(_ attempt: AttemptID, _ reason: String) {
    guard let report = outbox.remove(attempt) else { return }
    effects.log(
      "what came of attempt \(attempt) cannot be sent: \(reason)",
      about: LogSubject(attempt: attempt))
    guard case .outcome(let delivery) = report else { return }
    post(
      .failure(
        FailureReport(
          attempt: attempt, key: delivery.outcome.key,
          reason: .point("its outcome cannot be sent: \(reason)"))))
  }

  /// The coordinator has committed the outcome or failure of this attempt.
  mutating func onAcknowledgement(of attempt: AttemptID) {
    if let time = outbox.remove(attempt, at: now, &effects) {
      queue.lookahead.note(answerAfter: time)
    }
    heartbeats.forget(attempt)
    queue.settle(attempt)
    if heldArtifacts.acknowledge(attempt) { heartbeats.sendNow() }
    if case .working(_?) = standing, outbox.isEmpty { conclude() }
  }

  /// What an earlier worker of this host finished and could not deliver.
  mutating func onLeftOver(_ reports: [AttemptReport]) {
    let isSettled = queue.isSettled
    let count = outbox.takeOver(reports, unless: isSettled, at: now)
    if count > 0 {
      effects.log("delivering \(count.of("result")) that a worker here had left over")
    }
  }

  /// An artifact is in the store, or not wanted.
  mutating func onArtifactSettled(_ settled: ArtifactSettled) {
    let hadRoom = heldArtifacts.room(slots: slots.count) > 0
    heldArtifacts.forget(settled.kind, of: settled.attempt)
    if !hadRoom { heartbeats.sendNow() }
  }

  mutating func fetchCheckpoints() {
    guard standing.isWorking else { return }
    let failed = checkpoints.fetchNext(
      for: queue.waiting, fingerprint: preparation.fingerprint, at: now, &effects)
    if let failed { startAnew(failed) }
  }

  /// The coordinator's checkpoint of a point cannot be had.
  mutating func startAnew(_ key: PointKey) {
    effects.log(
      "the checkpoint of point \(key.short) cannot be had; starting it anew",
      about: LogSubject(point: key))
    queue.forgetCheckpoint(of: key)
  }
}
