/// What keeps this host from training at present, which no point is to blame for: its dataset is
/// gone, no process can be started, its disk is full.
///
/// While it lasts the worker takes no points; it tries again after ever longer pauses, and gives up
/// when nothing has worked for as long as it would wait for a coordinator.
package struct HostTrouble: Sendable {
  private static let shortestPause = Duration.seconds(1)
  private static let longestPause = Duration.seconds(60)

  /// What is wrong.
  package enum Kind: Hashable, Sendable {
    /// What lies where the dataset was is not the dataset, or cannot be had.
    case dataset
    /// No trainer process comes about.
    case processes
  }

  /// The last reason; nil while all is well.
  package private(set) var reason: String?
  package private(set) var kind = Kind.dataset
  private var since: Duration = .zero
  private var pause = Self.shortestPause
  private var retryAt: Duration?

  package init() {}

  /// Whether nothing is tried at present.
  package var isWaiting: Bool { retryAt != nil }

  /// Something has failed that is this host's doing.
  ///
  /// - Returns: Whether it is news: nothing was wrong before, or for another reason.
  package mutating func add(_ kind: Kind, _ reason: String, at now: Duration) -> Bool {
    let isNews = self.reason != reason
    if self.reason == nil { since = now }
    self.reason = reason
    self.kind = kind
    // Several trainers may fail of the same cause at once: that is one try.
    if retryAt == nil {
      retryAt = now + pause
      pause = min(pause * 2, Self.longestPause)
    }
    return isNews
  }

  /// Whether to try again now.
  package mutating func retryIsDue(at now: Duration) -> Bool {
    guard let retryAt, now >= retryAt else { return false }
    self.retryAt = nil
    return true
  }

  /// Whether it has lasted too long.
  package func isHopeless(after patience: Duration, at now: Duration) -> Bool {
    reason != nil && now - since >= patience
  }

  /// A point was trained.
  ///
  /// - Returns: Whether something had been wrong.
  package mutating func end() -> Bool {
    guard reason != nil else { return false }
    self = HostTrouble()
    return true
  }
}
