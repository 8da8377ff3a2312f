import Sweep

/// When somebody who may not answer is asked: at intervals, and ever more seldom while no answer comes.
///
/// Says that none comes, now and then also later, and once that one comes again.
struct CommandContact: Sendable {
  private static let longestPause = Duration.seconds(60)
  private static let reminderEvery = Duration.seconds(300)

  private let interval: Duration
  private var next: Duration = .zero
  private var isAsked = false
  private(set) var failures = 0
  /// When the last answer came; nil before the first.
  private(set) var lastAnswer: Duration?
  private var silentSince: Duration = .zero
  private var toldAt: Duration = .zero

  init(every interval: Duration) { self.interval = interval }

  /// Whether it is to be asked now, which is done then.
  mutating func isDue(at now: Duration) -> Bool {
    guard !isAsked, now >= next else { return false }
    isAsked = true
    return true
  }

  /// - Returns: For how long no answer had come, where that was told.
  mutating func noteAnswer(at now: Duration) -> Duration? {
    defer { failures = 0 }
    isAsked = false
    next = now + interval
    lastAnswer = now
    return failures > 0 ? now - silentSince : nil
  }

  /// - Returns: Whether that is to be told.
  mutating func noteFailure(at now: Duration) -> Bool {
    isAsked = false
    if failures == 0 { silentSince = now }
    failures += 1
    next = now + min(interval * (1 << min(failures, 10)), max(interval, Self.longestPause))
    guard failures == 1 || now - toldAt >= Self.reminderEvery else { return false }
    toldAt = now
    return true
  }

  /// For how long no answer has come; nil where the last one did.
  func silence(at now: Duration) -> Duration? { failures > 0 ? now - silentSince : nil }

  /// Asks as soon as it may.
  mutating func hurry() { next = .zero }
}
