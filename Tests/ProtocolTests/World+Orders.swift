import Coordinator
import Sweep
import TestSupport
import Wire

// Operators who steer the sweep while everything else goes wrong too.
extension World {
  /// Where orders come from.
  static let desk = PeerID([255])

  /// In every third history: any orders at any times.
  ///
  /// When all is calm the sweep may go on, so that it must end.
  mutating func planOrders(points: Int) {
    // A stream of its own: the other happenings of a seed stay as they are.
    var random = self.random
    random = SeededGenerator(seed: random.next() ^ 0x0bde5)
    guard random.chance(1.0 / 3) else { return }
    let end = trouble.seconds * 1000
    let hosts = workers.indices.map { "host\($0)" }
    for _ in 0..<Int.random(in: 1...6, using: &random) {
      agenda.add(.order(Self.order(points, hosts, &random)), at: random.delay(0...end))
    }
    if random.chance(0.5) {
      agenda.add(
        .extend(by: Int.random(in: 1...4, using: &random)), at: random.delay(0...end))
    }
    for order in [SweepOrder.resume] + hosts.map({ .undrain(host: $0) }) {
      agenda.add(.order(order), at: .milliseconds(end + 60_000))
    }
  }

  private static func order(
    _ points: Int, _ hosts: [String], _ random: inout SeededGenerator
  ) -> SweepOrder {
    switch Int.random(in: 0..<7, using: &random) {
    case 0: .pause
    case 1: .resume
    case 2: .drain(host: hosts.randomElement(using: &random) ?? "host0")
    case 3: .undrain(host: hosts.randomElement(using: &random) ?? "host0")
    case 4: .retry(filter(points, &random))
    default: .cancel(filter(points, &random))
    }
  }

  /// All points, or those of some seeds.
  private static func filter(_ points: Int, _ random: inout SeededGenerator) -> PointFilter {
    guard random.chance(0.8) else { return .all }
    let ends = [0, 1].map { _ in UInt32.random(in: 0...UInt32(points + 2), using: &random) }
      .sorted()
    return PointFilter(
      texts: ["seed=\(ends[0])..\(ends[1])"],
      match: GridMatch([GridMatch.Term(key: .seed, values: .seeds(ends[0]...ends[1]))]))
  }

  /// What an operator is told must already be durable.
  mutating func check(_ answer: ToOperator) throws(Violation) {
    if case .refusal(let refusal) = answer,
      StandingOrders(store.orders).drainedHosts.contains(where: {
        refusal.reason.hasPrefix("host \($0) is not drained")
      }), scheduler.standingOrders.drainedHosts == StandingOrders(store.orders).drainedHosts
    {
      throw Violation(description: "a drained host could not be given points again")
    }
    guard case .order = answer else { return }
    witness.ordersHeard += 1
    happenings.orders += 1
    guard store.orders.count >= witness.ordersHeard else {
      throw Violation(description: "an order was acknowledged before it was committed")
    }
  }

  /// The coordinator lets go of the store and is started anew with more seeds.
  mutating func extendSweep(by more: Int) throws(Violation) {
    guard now >= diskIsFullUntil else { return }
    if let larger = try? Sample.grid(points: grid.positions + more) {
      grid = larger
      happenings.extended += 1
    }
    _ = store.write()
    try checkStore()
    try restartCoordinator()
  }

  /// Positions without an outcome that the first so many durable orders cancel.
  func cancelled(by count: Int) -> PositionSet {
    var positions = CancelledPositions(of: grid, by: Array(store.orders.prefix(count))).positions
    for outcome in store.outcomes.values {
      if let index = grid.index(of: outcome.point) { positions.remove(index) }
    }
    return positions
  }
}
