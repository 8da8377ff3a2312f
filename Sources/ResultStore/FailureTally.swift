package import Sweep

/// The failures of one point since its last retry, while it has no outcome.
package struct FailureTally: Hashable, Sendable {
  /// Lost attempts that make a point failed.
  package static let maxLost = maxLostAttempts

  /// Attempts that another attempt could have made good.
  package var lost: Int
  /// The last failure; the point's own error where there is one.
  package var reason: FailureReason

  package init(lost: Int, reason: FailureReason) {
    self.lost = lost
    self.reason = reason
  }

  /// Whether the point is given up until a retry or a late outcome.
  package var isFailed: Bool { lost >= Self.maxLost || !reason.isRetried }
}
