package import Wire

/// When a log gets a line on how far its sweep is.
///
/// At once about the first and the last result, every ten seconds at most about those between, and now
/// and then while points that take hours bring none.
package struct ProgressPace: Sendable {
  private static let interval = Duration.seconds(10)
  /// The first lull is short, so that how long it will take is told early.
  private static let shortestLull = Duration.seconds(60)
  private static let longestLull = Duration.seconds(600)

  /// What the last line told, and when it did.
  private var told: (settled: Int, lacking: Int, at: ContinuousClock.Instant)?
  private var lull = Self.shortestLull

  package init() {}

  /// Whether a line is due; if so it counts as written.
  package mutating func isDue(_ status: StatusReply, at now: ContinuousClock.Instant) -> Bool {
    if let told {
      let isNews = status.settled != told.settled || status.lackingArtifacts != told.lacking
      guard now - told.at >= (isNews ? wait(after: told.settled, status) : lull),
        isNews || status.running > 0
      else { return false }
      if !isNews { lull = min(lull * 2, Self.longestLull) }
    }
    told = (status.settled, status.lackingArtifacts, now)
    return true
  }

  private func wait(after settled: Int, _ status: StatusReply) -> Duration {
    let isLast = status.settled == status.points && status.settled > settled
    return settled == 0 || isLast ? .zero : Self.interval
  }
}
