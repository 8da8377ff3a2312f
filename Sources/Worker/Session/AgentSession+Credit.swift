import Sweep
import Wire

extension AgentSession {
  /// How many ticks' worth of news one heartbeat gathers.
  static let shortestBeat = Duration.milliseconds(50)

  /// Points this worker wants to hold: one for each slot, and what its slots need ahead.
  var capacity: Int { slots.count + lookahead.ahead(slots: slots.map(timeAtPoint)) }

  /// A second at a point says nothing yet: a host may stand still for as long.
  private func timeAtPoint(_ slot: Slot) -> Duration {
    guard case .training = slot.state else { return .zero }
    let time = clock.elapsed - slot.startedAt
    return time >= .seconds(1) ? time : .zero
  }

  /// Whether a heartbeat should go out at this tick.
  ///
  /// What is merely news (a point has begun, the capacity has changed) is gathered for a while; the
  /// coordinator counts a delivery as room for one more by itself.
  mutating func considerHeartbeat() {
    let silence = clock.elapsed - (lastHeartbeat ?? .zero)
    if silence >= (terms?.heartbeat ?? .seconds(1)) { heartbeatIsDue = true }
    guard silence >= Self.shortestBeat else { return }
    let capacity = capacity
    // A quarter more or less is worth a message.
    if abs(capacity - announcedCapacity) * 4 > announcedCapacity { heartbeatHasNews = true }
    if heartbeatHasNews { heartbeatIsDue = true }
  }

  /// Gives back points that wait behind far slower ones than they were asked for: others may be
  /// idle.
  mutating func returnSurplus() {
    let enough = capacity - slots.count
    guard waiting.count > 2 * enough + slots.count else { return }
    handBack(waiting.dropFirst(enough).map(\.attempt))
  }

  /// The coordinator knows a worker that would start these at once.
  mutating func heed(_ recall: Recall) {
    let wanted = Set(recall.attempts)
    handBack(waiting.map(\.attempt).filter(wanted.contains))
  }

  private mutating func handBack(_ attempts: [AttemptID]) {
    guard !attempts.isEmpty else { return }
    let gone = Set(attempts)
    waiting.removeAll { gone.contains($0.attempt) }
    for attempt in attempts {
      firstNamed[attempt] = nil
      returned.insert(attempt)
    }
    send(.handback(Handback(attempts: attempts)))
    heartbeatHasNews = true
  }
}
