import Sweep
import Wire

// How a session comes to its end.
extension AgentSession {
  /// The coordinator says that the sweep is complete.
  mutating func onFinish() {
    switch standing {
    case .ended: return
    case .stopping: return leave()
    case .seeking, .preparing: break
    case .working where outbox.isEmpty: break
    case .working(nil):
      // An outcome that is not committed may be wanted: of a point that failed elsewhere.
      letGoOfPoints()
      standing = .working(concludesAt: now + settings.farewell)
      return outbox.sendAllAgain(at: now)
    case .working: return letGoOfPoints()
    }
    conclude()
  }

  /// The sweep is complete, and all that could be delivered is.
  ///
  /// What could not stays on the disk, for the next coordinator of its store.
  mutating func conclude() {
    // Without terms that were met it is not known whose sweep is complete.
    let wasWorking = standing.isWorking
    letGoOfPoints()
    if wasWorking { checkpoints.removeAll(&effects) }
    guard settings.stay else {
      effects.send(.goodbye)
      return end(0, "the sweep is complete")
    }
    heldArtifacts = HeldArtifacts()
    if wasWorking {
      effects.send(.goodbye)
      effects.log("the sweep is complete; waiting for the next coordinator")
    }
    beginSeeking()
    // The coordinator that has just finished would only say so again.
    greeting.rest(until: now + .seconds(2))
  }

  mutating func beginStopping() {
    switch standing {
    case .stopping, .ended: return
    case .seeking, .preparing, .working: break
    }
    let handsOver = stopTrainers()
    standing = .stopping(
      deadline: now + (handsOver ? settings.handingOver : settings.farewell))
    if mayLeave { leave() }
  }

  /// Asks every trainer for a checkpoint, or ends it where none can be kept.
  ///
  /// - Returns: Whether anything is to be waited for.
  private mutating func stopTrainers() -> Bool {
    guard checkpoints.folder != nil else {
      letGoOfPoints()
      return false
    }
    queue.removeAll()
    checkpoints.fetch = nil
    return slots.stopAll(&effects)
  }

  /// Whether a worker that was asked to stop has nothing more to wait for.
  var mayLeave: Bool {
    outbox.isEmpty && heldArtifacts.isEmpty && checkpoints.hasNothingUnderWay && !slots.isTraining
  }

  mutating func leave() {
    effects.send(.goodbye)
    end(0, nil)
  }
}
