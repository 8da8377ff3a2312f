import Sweep
import Wire

// What the end of this worker's time means for what it holds.
extension AgentSession {
  /// Whether a point that is begun now is worth it.
  var mayBegin: Bool {
    limit.mayBegin(keepsCheckpoints: checkpoints.folder != nil, settings, at: reading)
  }

  /// Points to hold ahead: what the slots need, and come to in time.
  var pointsAhead: Int {
    let times = slots.timesAtPoints(at: now)
    return limit.reached(
      of: queue.lookahead.ahead(slots: times), slots: times,
      keepsCheckpoints: checkpoints.folder != nil, settings, at: reading)
  }

  /// Gives back what cannot be begun any more, leaves where nothing else is held, and hands all back
  /// in time.
  mutating func obeyTimeLimit() {
    switch standing {
    case .seeking, .preparing, .working: break
    case .stopping, .ended: return
    }
    if limit.isOver(at: reading) {
      effects.log("the time limit is \(inSeconds): handing back what is held")
      return beginStopping()
    }
    guard !mayBegin else { return }
    if standing.isWorking { giveBack(queue.waiting.map(\.attempt)) }
    if mayLeave {
      effects.log("the time limit, \(inSeconds), leaves no time for another point: leaving")
      return beginStopping()
    }
    if limit.noteClosing() {
      effects.log("the time limit, \(inSeconds), leaves no time for another point: none is begun")
      heartbeats.sendNow()
    }
  }

  private var inSeconds: String { "in \(limit.left(at: reading).inWords)" }
}
