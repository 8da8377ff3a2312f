package import Sweep
package import Wire

/// Granted points that wait for a slot, and which attempts are done with.
package struct PointQueue: Sendable {
  /// In the order of their grants.
  package private(set) var waiting: ArraySlice<HeldPoint> = []
  /// Attempts that are settled; a doubled grant must not start them again.
  private var settled = RecentAttempts()
  /// Attempts that were given back before they began.
  private var returned = RecentAttempts()
  package var lookahead = Lookahead()

  package init() {}

  package var count: Int { waiting.count }

  package func contains(_ attempt: AttemptID) -> Bool { waiting.contains { $0.attempt == attempt } }

  package func isSettled(_ attempt: AttemptID) -> Bool { settled.contains(attempt) }

  /// Whether it was given back, and the message that did so was lost.
  package func wasReturned(_ attempt: AttemptID) -> Bool { returned.contains(attempt) }

  package mutating func settle(_ attempt: AttemptID) { settled.insert(attempt) }

  package mutating func append(_ grant: Grant) {
    waiting.append(
      HeldPoint(
        attempt: grant.attempt, key: grant.key, point: grant.point, artifacts: grant.artifacts,
        checkpoint: grant.checkpoint))
  }

  /// Takes out the point that begins now.
  package mutating func remove(at place: Int) -> HeldPoint {
    // From the front of a slice nothing has to move up.
    place == waiting.startIndex ? waiting.removeFirst() : waiting.remove(at: place)
  }

  package mutating func remove(_ attempt: AttemptID) { waiting.removeAll { $0.attempt == attempt } }

  package mutating func removeAll() { waiting.removeAll() }

  /// The coordinator's checkpoint of a point does not serve: it starts from the start.
  package mutating func forgetCheckpoint(of key: PointKey) {
    for index in waiting.indices where waiting[index].key == key { waiting[index].checkpoint = nil }
  }

  /// Takes attempts out that are given back.
  package mutating func giveBack(_ attempts: [AttemptID]) {
    let gone = Set(attempts)
    waiting.removeAll { gone.contains($0.attempt) }
    for attempt in attempts { returned.insert(attempt) }
  }

  /// Attempts that wait behind far slower ones than they were asked for: others may be idle.
  ///
  /// - Parameters:
  ///   - enough: As many as the slots need ahead.
  ///   - slots: How many trainers there are.
  package func surplus(beyond enough: Int, slots: Int) -> [AttemptID] {
    guard waiting.count > 2 * enough + slots else { return [] }
    return waiting.dropFirst(enough).map(\.attempt)
  }

  /// Attempts of another store bear numbers that mean other points here.
  package mutating func forgetStore() {
    waiting.removeAll()
    settled = RecentAttempts()
    returned = RecentAttempts()
  }
}
