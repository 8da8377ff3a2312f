import Sweep
import Wire

extension Scheduler {
  /// Asks for points back that wait behind busy slots, once nothing else is left for idle ones.
  ///
  /// A hint that may be lost: it is repeated while it is true. The worker alone knows what still
  /// waits, so a point that has begun meanwhile goes on where it is. Takes time in the number of
  /// attempts, but only where a slot is idle at the end of a sweep.
  mutating func recallWaiting() {
    guard standing == .running, !orders.isPaused, !roster.line.isEmpty, !points.hasNext()
    else { return }
    var idle = 0
    for session in roster.line {
      guard let worker = roster[session] else { continue }
      idle += max(0, min(worker.room, worker.hello.slots - worker.load))
    }
    guard idle > 0 else { return }
    let waiting = attempts.sorted { attempt in
      guard case .leased = attempt.phase, attempt.progress.steps == 0 else { return false }
      return surplus(of: attempt.session) > 0
    }
    var recalled: [SessionID: [AttemptID]] = [:]
    // The youngest would have waited longest.
    for (id, attempt) in waiting.reversed() where idle > 0 {
      let asked = recalled[attempt.session]?.count ?? 0
      guard asked < surplus(of: attempt.session) else { continue }
      recalled[attempt.session, default: []].append(id)
      idle -= 1
    }
    recall(recalled)
  }

  /// Asks for those of some attempts back that wait in a worker and have not begun.
  mutating func recall(_ ids: [AttemptID]) {
    var unbegun: [SessionID: [AttemptID]] = [:]
    for id in ids {
      guard let attempt = attempts[id], case .leased = attempt.phase, attempt.progress.steps == 0
      else { continue }
      unbegun[attempt.session, default: []].append(id)
    }
    recall(unbegun.mapValues { $0.sorted() })
  }

  /// Asks each worker for those of its attempts that have not begun.
  mutating func recall(_ attempts: [SessionID: [AttemptID]]) {
    for (session, ids) in attempts.sorted(by: { $0.key.value < $1.key.value }) {
      guard let worker = roster[session] else { continue }
      send(.recall(Recall(attempts: ids)), to: worker)
    }
  }

  /// Attempts of a worker that its slots cannot all be at.
  private func surplus(of session: SessionID) -> Int {
    roster[session].map { $0.load - $0.hello.slots } ?? 0
  }

  /// What a worker hands back never began there: it counts against no one and goes to others.
  mutating func takeBack(_ handback: Handback, _ origin: Origin) {
    guard admitted(origin) != nil else { return }
    for id in handback.attempts {
      guard let attempt = attempts[id], attempt.session == origin.session,
        case .leased = attempt.phase
      else { continue }
      giveBack(id)
    }
  }
}
