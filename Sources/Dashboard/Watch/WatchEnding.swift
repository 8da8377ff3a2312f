/// When a watch has shown all that there is to see.
///
/// A coordinator's summary is a moment behind its counts: the last page waits for it, but not for ever,
/// since the coordinator leaves soon after the last outcome.
package struct WatchEnding {
  /// Shorter than a coordinator stays behind after its last outcome.
  private static let patience = Duration.seconds(2)
  /// Between two looks at a sweep that is complete.
  package static let pause = Duration.milliseconds(200)

  private var complete: ContinuousClock.Instant?

  package init() {}

  /// Whether only the summary is still awaited.
  package var isNear: Bool { complete != nil }

  /// - Parameters:
  ///   - view: What is known.
  ///   - isFresh: Whether it is the answer to the last look; not where none came.
  package mutating func isReached(
    by view: SweepView, isFresh: Bool, at now: ContinuousClock.Instant
  ) -> Bool {
    guard view.isComplete else {
      // It was extended.
      complete = nil
      return false
    }
    let since = complete ?? now
    complete = since
    return !isFresh || view.summaryIsWhole || now - since >= Self.patience
  }
}
