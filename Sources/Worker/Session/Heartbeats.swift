package import Sweep
package import Wire

/// When a heartbeat goes out, and which attempts were named by which.
///
/// An attempt is dropped only by a reply to a heartbeat that named it: an older reply knows nothing of
/// it.
package struct Heartbeats: Sendable {
  /// How long news gathers for one heartbeat.
  package static let shortestPause = Duration.milliseconds(50)

  /// One goes out at the end of this turn.
  package private(set) var isDue = false
  /// Something has changed that the next one should say before long.
  package private(set) var hasNews = false
  private var last: Duration = .zero
  /// The first heartbeat that named each held attempt.
  private var firstNamed: [AttemptID: UInt64] = [:]
  /// The capacity that the last one let the coordinator see.
  private var announcedCapacity = 0

  package init() {}

  package mutating func sendNow() { isDue = true }

  package mutating func noteNews() { hasNews = true }

  /// Judges whether one should go out at this tick.
  ///
  /// What is merely news (a point has begun, the capacity has changed) is gathered for a while; the
  /// coordinator counts a delivery as room for one more by itself.
  package mutating func consider(every pause: Duration, capacity: Int, at now: Duration) {
    let silence = now - last
    if silence >= pause { isDue = true }
    guard silence >= Self.shortestPause else { return }
    // A quarter more or less is worth a message.
    if abs(capacity - announcedCapacity) * 4 > announcedCapacity { hasNews = true }
    if hasNews { isDue = true }
  }

  /// One goes out, or none is to go out at present.
  package mutating func clear() {
    isDue = false
    hasNews = false
  }

  /// Notes what goes out.
  package mutating func sent(
    _ held: [HeldAttempt], sequence: UInt64, capacity: Int, at now: Duration
  ) {
    last = now
    announcedCapacity = capacity
    for attempt in held where firstNamed[attempt.attempt] == nil {
      firstNamed[attempt.attempt] = sequence
    }
  }

  /// What is not to be held any more, by the reply to one heartbeat.
  package func unwanted(_ reply: HeartbeatReply, to heartbeat: UInt64) -> [AttemptID] {
    let keep = Set(reply.keep)
    return firstNamed.filter { $0.value <= heartbeat && !keep.contains($0.key) }.keys.sorted()
  }

  /// An attempt is held no more, or anew: replies to what was sent so far say nothing of it.
  package mutating func forget(_ attempt: AttemptID) { firstNamed[attempt] = nil }

  package mutating func forgetAll() { firstNamed.removeAll() }
}
