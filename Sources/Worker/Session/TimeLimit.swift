/// When a worker is ended from outside, as by a batch job's time limit, and how long before that it hands
/// back what it holds.
package struct EndOfTime: Hashable, Sendable {
  /// Asking sixteen trainers for their checkpoints and handing these over takes up to ten seconds.
  private static let longestMargin = Duration.seconds(15)

  /// A reading of the session's clock.
  package let end: Duration
  package let margin: Duration

  /// - Parameters:
  ///   - end: A reading of the session's clock.
  ///   - start: The reading at which the session begins: a quarter of a short time is the margin.
  package init(_ end: Duration, from start: Duration = .zero) {
    self.end = end
    margin = Self.margin(of: max(.zero, end - start))
  }

  /// How long before the end of so much time all is handed back.
  package static func margin(of time: Duration) -> Duration { min(longestMargin, time / 4) }

  package var handsBackAt: Duration { end - margin }
}

/// What a worker can still begin before its time is over.
///
/// A point is begun where it ends before everything is handed back, or gets so far that its checkpoint is
/// worth handing over: a trainer that is asked to stop writes one at its next step. Both times are learnt
/// from the points of this worker.
///
/// Readings are those of the clock, not attended time: a limit passes also while the process is stopped.
package struct TimeLimit: Sendable {
  /// From an order to its first step, before any was seen.
  private static let assumedStart = Duration.seconds(2)
  /// The weight of the newest point in the usual length.
  private static let weight = 8

  package let time: EndOfTime?
  private var start: Duration?
  private var point: Duration?
  private var checkpointSize = 0
  private var hasSaid = false

  package init(_ time: EndOfTime?) { self.time = time }

  // MARK: what is learnt

  /// A trainer has made the first step of a point so long after its order.
  package mutating func note(firstStepAfter length: Duration) {
    start = max(start ?? .zero, length)
  }

  /// A point has ended so long after its order.
  package mutating func note(point length: Duration) {
    point = point.map { $0 + (length - $0) / Self.weight } ?? length
  }

  package mutating func note(checkpointOf bytes: Int) {
    checkpointSize = max(checkpointSize, bytes)
  }

  // MARK: what follows

  /// How long a point must be in training for anything to come of it.
  ///
  /// - Parameter keepsCheckpoints: Whether its checkpoint can be kept and handed over.
  private func least(keepsCheckpoints: Bool, _ settings: AgentSettings) -> Duration {
    let start = start ?? Self.assumedStart
    guard keepsCheckpoints else { return point ?? start }
    let handedOver = start + settings.costOfHandingOver(checkpointSize)
    return min(point ?? handedOver, handedOver)
  }

  /// Whether a point that is begun now is worth it.
  package func mayBegin(
    keepsCheckpoints: Bool, _ settings: AgentSettings, at reading: Duration
  ) -> Bool {
    guard let time else { return true }
    return reading + least(keepsCheckpoints: keepsCheckpoints, settings) <= time.handsBackAt
  }

  /// Of `ahead` points that the slots would need next, those that a slot comes to in time.
  ///
  /// - Parameter slots: How long each slot has been at its point so far.
  package func reached(
    of ahead: Int, slots: [Duration], keepsCheckpoints: Bool, _ settings: AgentSettings,
    at reading: Duration
  ) -> Int {
    guard let time, let point, point > .zero else { return ahead }
    let last = time.handsBackAt - least(keepsCheckpoints: keepsCheckpoints, settings)
    var count = 0.0
    for length in slots {
      let free = reading + max(.zero, point - length)
      if free <= last { count += ((last - free) / point).rounded(.down) + 1 }
    }
    return count < Double(ahead) ? Int(count) : ahead
  }

  package func isOver(at reading: Duration) -> Bool {
    time.map { reading >= $0.handsBackAt } ?? false
  }

  package func left(at reading: Duration) -> Duration {
    time.map { max(.zero, $0.end - reading) } ?? .zero
  }

  /// Whether to say that nothing more is begun: once.
  package mutating func noteClosing() -> Bool {
    defer { hasSaid = true }
    return !hasSaid
  }
}
