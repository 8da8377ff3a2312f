/// How much has been trained since this coordinator started, in points: what its pace is reckoned from.
///
/// Of a position that has been begun and is not settled it knows the step where the training began as far
/// as this coordinator is concerned, and the one that it has come to: a point that goes on from a
/// checkpoint of an earlier start begins there. Memory grows with these positions, not with the grid.
package struct WorkDone: Sendable {
  private struct Position {
    /// Steps that were done before this coordinator started.
    var before: Int
    var reached: Int
    let steps: Int
    /// Whether an attempt has told of it, and not a checkpoint alone.
    var isHeard: Bool

    var trained: Double { Double(reached - before) / Double(steps) }
  }

  private var begun: [Int: Position] = [:]
  private var settled = 0.0

  package init() {}

  /// What was trained of all points, those included that are not done.
  package var trained: Double { begun.values.reduce(settled) { $0 + $1.trained } }

  /// What the points that are not done have behind them.
  package var behind: Double {
    begun.values.reduce(0) { $0 + Double($1.reached) / Double($1.steps) }
  }

  /// A checkpoint of an earlier start is there.
  package mutating func noteCheckpoint(of index: Int, at step: Int, of steps: Int) {
    guard steps > 0 else { return }
    let step = min(step, steps)
    begun[index] = Position(before: step, reached: step, steps: steps, isHeard: false)
  }

  /// The trainer of an attempt tells of its first step, and where it began.
  ///
  /// - Returns: The step from which on its images are new: what an attempt of this coordinator had trained
  ///   between its last heartbeat and its checkpoint is counted now.
  @discardableResult
  package mutating func begin(_ index: Int, at start: Int, of steps: Int) -> Int {
    let steps = max(1, steps)
    let start = min(start, steps)
    guard let known = begun[index], known.isHeard, known.steps == steps else {
      begun[index] = Position(before: start, reached: start, steps: steps, isHeard: true)
      return start
    }
    // One that begins anew has nothing behind it any more.
    begun[index] = Position(
      before: min(known.before, start), reached: start, steps: steps, isHeard: true)
    return min(known.reached, start)
  }

  package mutating func reach(_ index: Int, step: Int) {
    guard let known = begun[index] else { return }
    begun[index]?.reached = max(known.reached, min(step, known.steps))
  }

  /// A position is done.
  ///
  /// - Parameter unheard: What counts where no attempt has told of a step: a fraction of the point.
  package mutating func settle(_ index: Int, unheard: Double) {
    guard let known = begun.removeValue(forKey: index), known.isHeard else {
      settled += unheard
      return
    }
    settled += 1 - Double(known.before) / Double(known.steps)
  }

  /// What was trained of a position leads to nothing.
  package mutating func drop(_ index: Int) { begun[index] = nil }

  package mutating func drop(where isGivenUp: (Int) -> Bool) {
    for index in begun.keys where isGivenUp(index) { begun[index] = nil }
  }
}
