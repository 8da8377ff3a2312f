package import Coordinator
import Foundation
package import Sweep
internal import VAE
package import Wire

/// Follows a coordinator on its loop: counts what it commits, and puts out what readers are to see.
///
/// It outlives a coordinator that goes on with another sweep, so that no counter goes back.
package final class SweepFollower: SweepFollowing {
  package let board = SweepBoard()
  private let store: String
  private let makeTiming: () -> any PointTiming
  /// Between two snapshots, at the least.
  private let interval: Duration
  private var grid: Grid
  private var keeper: SummaryKeeper?
  private var counters: SweepCounters
  private var carried = CarriedCounts()
  private var history = SweepHistory()
  private var firstSnapshot: ContinuousClock.Instant?
  private var lastSnapshot: ContinuousClock.Instant?
  private var snapshots = 0

  /// - Parameters:
  ///   - store: Path of the coordinator's store.
  ///   - interval: Between two snapshots.
  ///   - timing: Made anew for each sweep.
  package init(
    _ grid: Grid, store: String, interval: Duration = .seconds(1),
    timing: @escaping () -> any PointTiming
  ) {
    self.grid = grid
    self.interval = interval
    self.store = store
    makeTiming = timing
    counters = SweepCounters(since: Date().timeIntervalSince1970)
  }

  /// The coordinator goes on with another sweep of the same store.
  package func goOn(with grid: Grid) {
    self.grid = grid
    // Whoever watches is told of the new sweep at the next asking.
    keeper = nil
    history.beginSweep()
  }

  package func follow(_ records: [CommittedRecord], took: Duration) {
    counters.add(records, took: took, at: Date().timeIntervalSince1970)
    guard let keeper else { return }
    keeper.put(
      records.compactMap { committed in
        guard committed.answer == .stored,
          case .outcome(let outcome, let receipt, let attempt, _) = committed.record
        else { return nil }
        history.end(attempt, outcome.result.history)
        return SummaryKeeper.Finished(outcome: outcome, receipt: receipt)
      })
  }

  /// Nothing is kept of a summary before somebody asks for it.
  package func complete(_ status: inout StatusReply) {
    if let standing = standing() { fill(&status, standing) }
  }

  private func standing() -> SummaryKeeper.Standing? {
    if keeper == nil { keeper = try? SummaryKeeper(grid, store: store, timing: makeTiming()) }
    return keeper?.standing
  }

  private func fill(_ status: inout StatusReply, _ standing: SummaryKeeper.Standing) {
    status.summary = standing.rows
    status.summaryLeftOut = standing.leftOut
    if let trouble = standing.trouble { status.alerts.append(trouble) }
    status.secondsLeftRange = standing.secondsLeft.flatMap {
      status.wallTime($0, ofPoints: standing.missing)
    }
  }

  /// Puts out a snapshot, where the last one is old enough.
  package func publish(_ status: StatusReply) {
    let now = ContinuousClock.now
    guard lastSnapshot.map({ now - $0 >= interval }) ?? true else { return }
    lastSnapshot = now
    snapshots += 1
    var status = status
    if let standing = standing() {
      fill(&status, standing)
      history.strips = standing.strips
    }
    carried.add(to: &status)
    let start = firstSnapshot ?? now
    firstSnapshot = start
    history.look(status, at: (now - start) / .seconds(1))
    board.put(
      SweepSnapshot(status: status, counters: counters, history: history, number: snapshots))
  }
}

/// Counts that begin anew with each coordinator of one process, carried over from those before.
struct CarriedCounts {
  private var epoch: UInt64?
  private var images = 0
  private var refused: [String: Int] = [:]
  private var last: (images: Int, refused: [String: Int]) = (0, [:])

  /// Adds what the coordinators before had counted.
  mutating func add(to status: inout StatusReply) {
    if let epoch, epoch != status.coordinatorEpoch {
      images += last.images
      refused.merge(last.refused, uniquingKeysWith: +)
    }
    epoch = status.coordinatorEpoch
    last = (
      status.imagesTrained,
      Dictionary(status.refused.map { ($0.reason, $0.count) }, uniquingKeysWith: +)
    )
    status.imagesTrained += images
    for place in status.refused.indices {
      status.refused[place].count += refused[status.refused[place].reason] ?? 0
    }
  }
}

extension StatusReply {
  /// How long the rest takes by the clock; nil where nobody trains it.
  ///
  /// - Parameters:
  ///   - seconds: Of one core for `points`.
  ///   - points: Points without an outcome, of which some may be failed or cancelled.
  func wallTime(_ seconds: ClosedRange<Double>, ofPoints points: Int) -> ClosedRange<Double>? {
    let slots = fleet.slots.training + fleet.slots.idle
    guard points > 0, slots > 0, !isPaused, lackingArtifacts == 0 else { return nil }
    let done = workers.flatMap(\.running).reduce(0.0) {
      $0 + Double($1.progress.step) / Double(max(1, $1.progress.steps))
    }
    let left = max(0, Double(missing) - done)
    // The last points cannot be shared among all slots.
    let factor = left / Double(points) / Double(max(1, min(slots, missing)))
    return seconds.lowerBound * factor...seconds.upperBound * factor
  }
}
