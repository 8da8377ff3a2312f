package import Sweep

/// How each position of the grid stands that has no outcome: it waits, it has lost attempts, it is
/// failed or cancelled, or the design does without it.
///
/// Memory grows with what is out of the ordinary, not with the grid.
package struct PointBook: Sendable {
  private var queue: WorkQueue
  private var keys: KeyMaker
  private let maxLosses: Int
  /// Lost attempts per position.
  private var losses: [Int: Int]
  /// Positions that are failed, and why.
  package private(set) var failed: [Int: String]
  /// Positions that need not be trained.
  private var unneeded = PositionSet()
  /// Those of them that nobody works on: they are not counted.
  private var leftOut = PositionSet()
  /// Positions without an outcome that an operator has cancelled.
  package private(set) var cancelled: PositionSet
  /// Those of them with failures on record, which a retry must undo there too.
  private var burdened: Set<Int>
  /// Different points of the grid, without those left out.
  package private(set) var planned: Int

  package init(_ settings: SchedulerSettings, _ recovered: RecoveredSweep) {
    keys = KeyMaker(dataset: settings.dataset, trainerVersion: settings.trainerVersion)
    maxLosses = settings.maxLosses
    let cancelled = CancelledPositions(of: settings.grid, by: recovered.orders).positions
      .subtracting(recovered.finished)
    self.cancelled = cancelled
    burdened = Set(recovered.failed.keys).union(recovered.losses.keys)
      .filter { cancelled.contains($0) }
    losses = recovered.losses.filter { !cancelled.contains($0.key) }
    failed = recovered.failed.filter { !cancelled.contains($0.key) }
    planned = settings.grid.count().points
    var skipped = recovered.finished
    for index in recovered.failed.keys { skipped.insert(index) }
    skipped.formUnion(cancelled)
    for index in recovered.open.values { skipped.insert(index) }
    queue = WorkQueue(grid: settings.grid, skipping: skipped)
  }

  /// An upper bound of how many wait.
  package var maxLeft: Int { queue.maxLeft }

  /// Whether `next` would give a point.
  package mutating func hasNext() -> Bool { queue.hasNext() }

  /// Takes the next point that nobody works on, or nil where none is left.
  package mutating func next() -> (index: Int, point: Point)? { queue.next() }

  package mutating func putBack(_ index: Int) { queue.putBack(index) }

  package mutating func key(of point: Point) -> PointKey { keys.key(of: point) }

  /// A position has its outcome: a failure or cancellation is undone, and one that was left out is counted
  /// again.
  package mutating func settle(_ index: Int) {
    queue.remove(index)
    if leftOut.remove(index) { planned += 1 }
    losses[index] = nil
    failed[index] = nil
    if cancelled.remove(index) { burdened.remove(index) }
  }

  package mutating func fail(_ index: Int, _ reason: String) { failed[index] = reason }

  /// Counts a lost attempt; too many fail the point.
  ///
  /// - Returns: How many were lost, and whether the point is failed by that. Where it is not, it waits
  ///   again.
  package mutating func countLoss(at index: Int, _ reason: String) -> (lost: Int, isFailed: Bool) {
    let lost = losses[index, default: 0] + 1
    losses[index] = lost
    guard lost >= maxLosses else {
      queue.putBack(index)
      return (lost, false)
    }
    failed[index] = "\(lost) lost attempts; the last: \(reason)"
    return (lost, true)
  }

  /// A loss does not count any more.
  ///
  /// - Returns: Whether the point was failed by it and is so no more; it does not wait yet.
  package mutating func excuse(_ index: Int) -> Bool {
    guard let lost = losses[index], lost > 0 else { return false }
    losses[index] = lost - 1
    return lost >= maxLosses && failed.removeValue(forKey: index) != nil
  }

  /// Leaves out positions that the design turns out to do without; of those that are being trained it is
  /// only noted.
  package mutating func leaveOut(_ positions: [Int]) {
    for index in positions where unneeded.insert(index) {
      if queue.remove(index) || failed.removeValue(forKey: index) != nil
        || cancelled.remove(index)
      {
        leaveOut(index)
      }
    }
  }

  /// Whether a position is failed, cancelled or left out.
  package func isGivenUp(_ index: Int) -> Bool {
    failed[index] != nil || cancelled.contains(index) || leftOut.contains(index)
  }

  /// Whether nobody is to work on a position from here on, although it has no outcome.
  ///
  /// Asked where an attempt at it has come to nothing.
  package mutating func isLeftOut(_ index: Int) -> Bool {
    if cancelled.contains(index) { return true }
    guard unneeded.contains(index) else { return false }
    leaveOut(index)
    return true
  }

  private mutating func leaveOut(_ index: Int) {
    guard leftOut.insert(index) else { return }
    planned -= 1
    losses[index] = nil
  }

  // MARK: what operators order

  /// Cancels the positions that wait, are failed, or are being worked on; of those that have their outcome,
  /// or that the design does without, there is nothing to cancel.
  ///
  /// - Parameter held: Positions that somebody works on.
  /// - Returns: Those that were not cancelled before.
  package mutating func cancel(_ positions: PositionSet, held: PositionSet) -> PositionSet {
    let meant = positions.subtracting(leftOut)
    var found = queue.remove(meant)
    found.formUnion(held.intersection(meant))
    for index in failed.keys where meant.contains(index) { found.insert(index) }
    let new = found.subtracting(cancelled)
    for index in Set(failed.keys).union(losses.keys) where new.contains(index) {
      burdened.insert(index)
      failed[index] = nil
      losses[index] = nil
    }
    cancelled.formUnion(new)
    return new
  }

  /// Wants cancelled positions again.
  ///
  /// - Parameter held: Positions that somebody still works on: they wait when that has ended.
  /// - Returns: How many of these were cancelled.
  package mutating func restore(_ positions: PositionSet, held: PositionSet) -> Int {
    let restored = cancelled.intersection(positions)
    cancelled = cancelled.subtracting(restored)
    burdened = burdened.filter { !restored.contains($0) }
    let idle = restored.subtracting(held)
    let unwanted = idle.intersection(unneeded)
    unwanted.visit { leaveOut($0) }
    queue.restore(idle.subtracting(unwanted))
    return restored.count
  }

  /// A failure is on record of a position, which may be cancelled by now.
  package mutating func noteFailure(at index: Int) {
    if cancelled.contains(index) { burdened.insert(index) }
  }

  /// Positions that failed, or had when they were cancelled.
  package var withFailures: [Int] { (Array(failed.keys) + burdened).sorted() }

  /// A failed position is tried again: what was lost on it counts no more.
  package mutating func reopen(_ index: Int) {
    guard failed.removeValue(forKey: index) != nil else { return }
    losses[index] = nil
    queue.putBack(index)
  }
}
