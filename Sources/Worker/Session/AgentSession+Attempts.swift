import Sweep
import Wire

extension AgentSession {
  mutating func accept(_ grant: Grant) {
    if returned.contains(grant.attempt) {
      // The message that gave it back was lost.
      let handback = Handback(session: settings.hello.session, attempts: [grant.attempt])
      return send(.handback(handback))
    }
    guard standing == .working, !settled.contains(grant.attempt), outbox[grant.attempt] == nil,
      !holds(grant.attempt)
    else { return }
    waiting.append(
      HeldPoint(
        attempt: grant.attempt, key: grant.key, point: grant.point, pictures: grant.pictures))
    heartbeatHasNews = true
  }

  /// Whether an attempt is in a slot or waits for one.
  private func holds(_ attempt: AttemptID) -> Bool {
    let isTraining = slots.contains { slot in
      if case .training(let point, _) = slot.state { point.attempt == attempt } else { false }
    }
    return isTraining || waiting.contains { $0.attempt == attempt }
  }

  /// Everything held that has no outcome yet, slots first.
  var held: [HeldPoint] {
    slots.compactMap { if case .training(let point, _) = $0.state { point } else { nil } } + waiting
  }

  /// Names all that is held, and says how much more would be taken.
  mutating func sendHeartbeat() {
    heartbeatIsDue = false
    heartbeatHasNews = false
    guard standing == .working else { return }
    sequence += 1
    lastHeartbeat = clock.elapsed
    var named: [HeldAttempt] = []
    for slot in slots {
      guard case .training(let point, let progress) = slot.state else { continue }
      named.append(HeldAttempt(attempt: point.attempt, progress: progress, finished: false))
    }
    let none = AttemptProgress(step: 0, steps: 0, epoch: 0)
    for point in waiting {
      named.append(HeldAttempt(attempt: point.attempt, progress: none, finished: false))
    }
    let working = named.count
    for attempt in outbox.keys.sorted() {
      named.append(HeldAttempt(attempt: attempt, progress: none, finished: true))
    }
    for attempt in named where firstNamed[attempt.attempt] == nil {
      firstNamed[attempt.attempt] = sequence
    }
    let capacity = capacity
    announcedCapacity = capacity
    send(
      .heartbeat(
        Heartbeat(
          session: settings.hello.session, sequence: sequence, held: named,
          credit: max(0, min(capacity - working, pictures.room(slots: slots.count))),
          artifacts: pictures.named)))
  }

  /// Drops what the coordinator does not want held, if the heartbeat it answers had named it: an
  /// old reply knows nothing of younger attempts.
  mutating func heed(_ reply: HeartbeatReply) {
    let keep = Set(reply.keep)
    for (attempt, first) in firstNamed where first <= reply.sequence && !keep.contains(attempt) {
      drop(attempt)
    }
  }

  private mutating func drop(_ attempt: AttemptID) {
    settled.insert(attempt)
    firstNamed[attempt] = nil
    waiting.removeAll { $0.attempt == attempt }
    outbox[attempt] = nil
    pictures.forget(attempt)
    for slot in slots.indices {
      guard case .training(let point, _) = slots[slot].state, point.attempt == attempt
      else { continue }
      log("attempt \(attempt) is no longer wanted; stopping it")
      slots[slot].state = .ending
      effects.append(.killTrainer(SlotID(slot)))
    }
    heartbeatIsDue = true
  }

  /// The coordinator has committed the outcome or failure of this attempt.
  mutating func settle(_ attempt: AttemptID) {
    if let outgoing = outbox.removeValue(forKey: attempt), outgoing.isFirst {
      lookahead.note(answerAfter: clock.elapsed - outgoing.sentAt)
    }
    firstNamed[attempt] = nil
    settled.insert(attempt)
    if pictures.acknowledge(attempt) { heartbeatIsDue = true }
  }

  /// Puts a message into the outbox and sends it; it stays there until it is acknowledged.
  mutating func post(_ message: WireMessage, for attempt: AttemptID) {
    outbox[attempt] = Outgoing(message: message, sentAt: clock.elapsed)
    send(message)
  }

  mutating func resendOutbox() {
    guard clock.elapsed >= nextResend else { return }
    nextResend = clock.elapsed + settings.resend / 20
    for (attempt, outgoing) in outbox.sorted(by: { $0.key < $1.key })
    where clock.elapsed - outgoing.sentAt >= settings.resend {
      outbox[attempt]?.sentAt = clock.elapsed
      outbox[attempt]?.isFirst = false
      send(outgoing.message)
    }
  }

  /// Forgets every point without an outcome and ends its trainer.
  ///
  /// The outbox stays.
  mutating func letGoOfEverything() {
    for point in held { firstNamed[point.attempt] = nil }
    waiting.removeAll()
    for slot in slots.indices where slots[slot].isAlive {
      if case .ending = slots[slot].state { continue }
      slots[slot].state = .ending
      effects.append(.killTrainer(SlotID(slot)))
    }
  }
}
