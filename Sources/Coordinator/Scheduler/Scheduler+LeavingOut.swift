import Sweep
import Wire

extension Scheduler {
  /// Leaves out positions that the design turns out to do without.
  ///
  /// What is being trained is trained to its end: its outcome is kept, and a lost attempt is not made
  /// good.
  mutating func leaveOut(_ positions: [Int]) {
    let before = points.planned
    points.leaveOut(positions)
    work.drop(where: points.isGivenUp)
    recallUnbegun(positions)
    let count = before - points.planned
    if count > 0 { log(.info, "\(count.of("point")) not trained: looks are decided without them") }
  }

  /// Asks for what waits in a worker and has not begun.
  private mutating func recallUnbegun(_ positions: [Int]) {
    recall(
      positions.flatMap { attempts.ids(at: $0) }.filter { attempts[$0]?.purpose == .outcome })
  }
}
