/// Attempts that ended because a worker fell silent that ran in a batch scheduler's allocation.
///
/// There it is no sign of a bad point: the scheduler ends jobs at their time limit and for others that
/// go first, and takes those along whose node fails. Such a loss does not count against its point.
/// A point that itself brings its host down would come back for ever, so one that is lost so very often
/// without getting any farther, as its checkpoints tell, is counted like any other from then on.
package struct AllocationLosses: Sendable {
  /// Losses without a farther checkpoint between them that are not counted.
  package static let mostExcused = 16

  private struct Series: Sendable {
    var losses = 0
    /// Steps that the newest checkpoint had reached.
    var reached = 0
  }

  /// Of positions that have no outcome.
  private var series: [Int: Series] = [:]

  package init() {}

  /// Notes a loss.
  ///
  /// - Parameter step: How far the newest checkpoint of the position is; 0 where there is none.
  /// - Returns: Whether it does not count.
  package mutating func excuse(at index: Int, reached step: Int) -> Bool {
    var series = series[index] ?? Series()
    if step > series.reached { series = Series(reached: step) }
    series.losses += 1
    self.series[index] = series
    return series.losses <= Self.mostExcused
  }

  /// A position has its outcome.
  package mutating func settle(_ index: Int) { series[index] = nil }
}
