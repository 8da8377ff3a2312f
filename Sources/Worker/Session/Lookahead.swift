/// How many points a worker should hold beyond those in its slots, so that no slot waits for the
/// coordinator.
///
/// What a slot needs meanwhile is rate × time to an answer (Little's law). The rate is that of the
/// slots at their points' usual length, the time that from an outcome's delivery to its
/// acknowledgement, which like a grant waits for one commit. Twice that is held, and one point for
/// each slot at least: points of seconds or more stay at one ahead.
package struct Lookahead: Sendable {
  /// Points held ahead at the most, however short they are: a heartbeat names each.
  package static let maxAhead = 1024
  /// A point that took no time at all is taken to have taken this long, in seconds.
  private static let shortest = 1e-6
  /// The weight of the newest of what is averaged.
  private static let weight = 1.0 / 8

  /// Usual length of a point, in seconds; nil before the first.
  private var point: Double?
  /// Usual time to an acknowledgement, in seconds; nil before the first.
  private var answer: Double?

  package mutating func note(point length: Duration) { Self.average(&point, length) }

  package mutating func note(answerAfter length: Duration) { Self.average(&answer, length) }

  /// Points to hold ahead.
  ///
  /// - Parameter slots: How long each slot has been at its point so far. One that takes longer than
  ///   usual counts as slow at once, not when it ends.
  package func ahead(slots: [Duration]) -> Int {
    guard let point, let answer else { return slots.count }
    let rate = slots.reduce(0) { $0 + 1 / max(Self.shortest, point, $1 / .seconds(1)) }
    return min(
      max(slots.count, Self.maxAhead), max(slots.count, Int((2 * rate * answer).rounded(.up))))
  }

  private static func average(_ mean: inout Double?, _ length: Duration) {
    let seconds = length / .seconds(1)
    mean = mean.map { $0 + (seconds - $0) * weight } ?? seconds
  }
}
