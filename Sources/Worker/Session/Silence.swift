/// For how long nothing was heard of the coordinator, and what was said about that.
package struct Silence: Sendable {
  private var lastHeard: Duration = .zero
  private var isNoted = false
  private var hasSaidThatItWaits = false

  package init() {}

  package func length(at now: Duration) -> Duration { now - lastHeard }

  /// - Returns: Whether it was noted that the coordinator is away.
  package mutating func end(at now: Duration) -> Bool {
    lastHeard = now
    defer { isNoted = false }
    return isNoted
  }

  /// Whether to say that the coordinator is away: once, after `limit`.
  package mutating func note(after limit: Duration, at now: Duration) -> Bool {
    guard !isNoted, length(at: now) >= limit else { return false }
    isNoted = true
    return true
  }

  /// Whether to say that a first answer is waited for: once, after two seconds.
  package mutating func noteWaiting(at now: Duration) -> Bool {
    guard !hasSaidThatItWaits, now >= .seconds(2) else { return false }
    hasSaidThatItWaits = true
    return true
  }

  /// A coordinator has given its terms.
  package mutating func hasFoundCoordinator() { hasSaidThatItWaits = true }
}
