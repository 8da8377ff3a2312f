import Sweep
import Wire

extension AgentSession {
  mutating func accept(_ grant: Grant) {
    if returned.contains(grant.attempt) {
      // The message that gave it back was lost.
      return send(.handback(Handback(attempts: [grant.attempt])))
    }
    // More than a coordinator that counts would send is not taken.
    guard standing == .working, waiting.count < Lookahead.most + 2 * slots.count,
      !settled.contains(grant.attempt), outbox[grant.attempt] == nil, !holds(grant.attempt)
    else { return }
    waiting.append(
      HeldPoint(
        attempt: grant.attempt, key: grant.key, point: grant.point, pictures: grant.pictures,
        checkpoint: grant.checkpoint))
    fetchCheckpoints()
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
    switch standing {
    case .working: break
    // Until its checkpoints are handed over it holds what they belong to.
    case .stopping where !mayLeave: break
    default: return
    }
    // The heartbeat that is about to be sent.
    let sequence = sequence + 1
    lastHeartbeat = clock.elapsed
    var named: [HeldAttempt] = []
    for slot in slots {
      guard case .training(let point, let progress) = slot.state else { continue }
      named.append(HeldAttempt(attempt: point.attempt, progress: progress, finished: false))
    }
    for point in parting {
      let stopped = AttemptProgress(step: 0, steps: 1, epoch: 0)
      named.append(HeldAttempt(attempt: point.attempt, progress: stopped, finished: false))
    }
    let none = AttemptProgress(step: 0, steps: 0, epoch: 0)
    for point in waiting {
      named.append(HeldAttempt(attempt: point.attempt, progress: none, finished: false))
    }
    let working = named.count
    for attempt in outbox.keys.sorted().prefix(Self.mostNamed) {
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
          held: named,
          credit: standing == .working
            ? max(0, min(capacity - working, pictures.room(slots: slots.count))) : 0,
          artifacts: pictures.named)))
  }

  /// Drops what the coordinator does not want held, if the heartbeat it answers had named it: an
  /// old reply knows nothing of younger attempts.
  mutating func heed(_ reply: HeartbeatReply, to heartbeat: UInt64) {
    let keep = Set(reply.keep)
    for (attempt, first) in firstNamed where first <= heartbeat && !keep.contains(attempt) {
      drop(attempt)
    }
  }

  private mutating func drop(_ attempt: AttemptID) {
    settled.insert(attempt)
    firstNamed[attempt] = nil
    if let point = (held + parting).first(where: { $0.attempt == attempt }) {
      dropCheckpoint(of: point.key)
    }
    endTransfers(of: attempt)
    waiting.removeAll { $0.attempt == attempt }
    removeFromOutbox(attempt)
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

  /// Forgets every point without an outcome and ends its trainer.
  ///
  /// The outbox stays.
  mutating func letGoOfEverything() {
    for point in held {
      firstNamed[point.attempt] = nil
      endTransfers(of: point.attempt)
    }
    fetch = nil
    waiting.removeAll()
    for slot in slots.indices where slots[slot].isAlive {
      if case .ending = slots[slot].state { continue }
      slots[slot].state = .ending
      effects.append(.killTrainer(SlotID(slot)))
    }
  }
}
