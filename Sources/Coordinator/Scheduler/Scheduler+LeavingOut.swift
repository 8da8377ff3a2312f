import Sweep
import Wire

extension Scheduler {
  /// Leaves out positions that the design turns out to do without.
  ///
  /// What is being trained is trained to its end: its outcome is kept, and a lost attempt is not made
  /// good.
  mutating func leaveOut(_ positions: [Int]) {
    let before = totals.points
    for index in positions where unneeded.insert(index) {
      if queue.remove(index) || failed.removeValue(forKey: index) != nil { leaveOut(index) }
    }
    recallUnbegun(positions)
    let count = before - totals.points
    if count > 0 { log(.info, "\(count.of("point")) not trained: looks are decided without them") }
  }

  /// Asks for what waits in a worker and has not begun.
  private mutating func recallUnbegun(_ positions: [Int]) {
    var unbegun: [SessionID: [AttemptID]] = [:]
    for id in positions.flatMap({ attempts.ids(at: $0) }) {
      guard let attempt = attempts[id], case .leased = attempt.phase, !attempt.isReplay,
        attempt.progress.steps == 0
      else { continue }
      unbegun[attempt.session, default: []].append(id)
    }
    recall(unbegun.mapValues { $0.sorted() })
  }

  /// Whether nobody is to work on a position from here on, although it has no outcome.
  ///
  /// Asked where an attempt at it has come to nothing.
  mutating func isLeftOut(_ index: Int) -> Bool {
    guard unneeded.contains(index) else { return false }
    leaveOut(index)
    return true
  }

  /// An outcome has come all the same, from an attempt that was thought lost.
  mutating func countAgain(_ index: Int) {
    if leftOut.remove(index) { totals.points += 1 }
  }

  private mutating func leaveOut(_ index: Int) {
    guard leftOut.insert(index) else { return }
    totals.points -= 1
    losses[index] = nil
  }
}
