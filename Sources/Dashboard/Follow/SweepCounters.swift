package import Coordinator
package import Sweep

/// What a coordinator has committed since it started, counted for whoever measures it.
///
/// No count ever goes back, also where the coordinator goes on with another sweep.
package struct SweepCounters: Hashable, Sendable {
  /// What two hosts can disagree about.
  package enum Fault: String, CaseIterable, Hashable, Sendable {
    case outcome
    case artifact
    /// An outcome that was made again to be compared.
    case audit
  }

  /// Outcomes that are new in the store.
  package private(set) var outcomes: [OutcomeStatus: Int] = [:]
  /// Attempts that came to nothing and may be tried again, by `FailureReason.kind`.
  package private(set) var attemptsLost: [String: Int] = [:]
  package private(set) var faults: [Fault: Int] = [:]
  /// Seconds of the attempts that made the outcomes.
  package private(set) var pointDurations = Histogram([
    0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600, 14_400, 86_400,
  ])
  /// Seconds of the store's transactions.
  package private(set) var commitDurations = Histogram([
    0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10,
  ])
  /// Of the last transaction, in seconds since 1970-01-01 UTC.
  package private(set) var lastCommit: Double

  /// - Parameter start: When the coordinator started, whose first transaction opened its store.
  package init(since start: Double) { lastCommit = start }

  /// Counts what one transaction made durable.
  ///
  /// - Parameter now: Seconds since 1970-01-01 UTC.
  package mutating func add(_ records: [CommittedRecord], took: Duration, at now: Double) {
    lastCommit = max(lastCommit, now)
    commitDurations.observe(took / .seconds(1))
    for committed in records { count(committed) }
  }

  private mutating func count(_ committed: CommittedRecord) {
    switch committed.record {
    case .outcome(let outcome, let receipt, _, _):
      switch committed.answer {
      case .stored:
        outcomes[outcome.status, default: 0] += 1
        pointDurations.observe(receipt.seconds)
      case .differs: faults[.outcome, default: 0] += 1
      case .audited(let other): if other != nil { faults[.audit, default: 0] += 1 }
      case .alreadyStored, .unknownAttempt: break
      }
    case .artifact: if case .differs = committed.answer { faults[.artifact, default: 0] += 1 }
    case .failure(_, _, let reason):
      if committed.answer != .unknownAttempt, reason.isRetried {
        attemptsLost[reason.kind, default: 0] += 1
      }
    case .worker, .attempt, .release, .drain, .order, .checkpoint: break
    }
  }
}
