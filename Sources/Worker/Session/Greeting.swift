/// When a worker says hello: soon after it may be heard, and ever more seldom while nobody answers.
package struct Greeting: Sendable {
  package static let shortestPause = Duration.milliseconds(250)
  package static let longestPause = Duration.seconds(2)

  private var next: Duration = .zero
  private var pause = Self.shortestPause
  private var jitter: Jitter
  /// A hello has gone out since it began to look for a coordinator.
  package private(set) var hasGreeted = false

  /// The number of the message that said that the terms are met.
  private var readySequence: UInt64 = 0

  package init(seed: UInt64) { jitter = Jitter(seed: seed) }

  /// Looks for a coordinator anew; terms from before answer no hello.
  package mutating func begin() { hasGreeted = false }

  /// At most a few hellos a second, whatever arrives, and ever fewer while nobody answers.
  ///
  /// - Returns: Whether one is due, which is said then.
  package mutating func isDue(at now: Duration) -> Bool {
    guard now >= next else { return false }
    next = now + jittered(pause)
    pause = min(pause * 2, Self.longestPause)
    hasGreeted = true
    return true
  }

  /// The terms are met, as the message of this number says.
  package mutating func wasMet(by sequence: UInt64) { readySequence = sequence }

  /// Whether what answers the message of this number was said before the terms were met.
  package func isOutdated(_ sequence: UInt64) -> Bool { sequence < readySequence }

  /// The coordinator has said something.
  package mutating func wasAnswered() { pause = Self.shortestPause }

  /// A coordinator that is there again may not stay for long: one whose sweep is done leaves within
  /// seconds, and the pause between hellos has grown to as much.
  package mutating func hurry(at now: Duration) {
    pause = Self.shortestPause
    next = min(next, now + jittered(pause))
  }

  package mutating func rest(until time: Duration) { next = time }

  /// Between half and all of `pause`, so that many workers do not speak at once.
  private mutating func jittered(_ pause: Duration) -> Duration {
    pause * (0.5 + 0.5 * jitter.next())
  }
}
