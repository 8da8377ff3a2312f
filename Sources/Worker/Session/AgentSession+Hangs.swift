import Sweep
import Wire

extension AgentSession {
  /// Kills trainers that made no progress for too long.
  ///
  /// Judged in attended time: while this process was stopped, or its host slept, nothing passed.
  /// Every step and every evaluation batch is progress, so that a slow trainer is left alone.
  mutating func judgeTrainers() {
    guard let hang = terms?.hang else { return }
    for slot in slots.indices where clock.elapsed - slots[slot].movedAt >= hang {
      let still = clock.elapsed - slots[slot].movedAt
      switch slots[slot].state {
      case .training(let point, _):
        log("attempt \(point.attempt) made no progress for \(still.inWords); killing its trainer")
        slots[slot].state = .ending
        effects.append(.killTrainer(SlotID(slot)))
        report(.hung(seconds: Int(still / .seconds(1))), of: point, in: slot)
      case .starting:
        // Its end counts as a false start.
        slots[slot].movedAt = clock.elapsed
        effects.append(.killTrainer(SlotID(slot)))
      case .absent, .idle, .ending: break
      }
    }
  }

  /// Notes how far a trainer is, and whether that is farther than before.
  mutating func note(_ progress: AttemptProgress, of point: HeldPoint, in slot: Int) {
    if case .training(_, let before) = slots[slot].state, before != progress {
      slots[slot].movedAt = clock.elapsed
    }
    slots[slot].state = .training(point, progress)
  }
}
