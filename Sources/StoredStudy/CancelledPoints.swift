package import ResultStore
package import Sweep
package import VAE

/// Points that operators have cancelled in every sweep that asks for them, and that have no outcome; one
/// that several sweeps ask for counts once.
package struct CancelledPoints: Sendable {
  private let grids: [Grid]
  private var positions: [PositionSet] = []

  package init(_ reader: StoreReader, _ definitions: [SweepDefinition], _ looks: StoredLooks)
    throws(StoreError)
  {
    grids = definitions.map(\.grid)
    var orders: [[SweepOrder]] = []
    for definition in definitions { orders.append(try reader.orders(of: definition.name)) }
    // Without an order about points none needs to be looked at.
    guard orders.contains(where: { $0.contains { $0.filter != nil } }) else { return }
    let cancelled = zip(grids, orders).map { CancelledPositions(of: $0, by: $1).positions }
    positions = cancelled
    // Of one sweep without looks every position counts.
    for (number, grid) in grids.enumerated() where grids.count > 1 || !looks.looks.isEmpty {
      var lookup = GridLookup(grid)
      for index in cancelled[number].sorted {
        guard let point = lookup.point(at: index) else { continue }
        let isElsewhere = grids.indices.contains { other in
          guard other != number, let place = grids[other].index(of: point) else { return false }
          return other < number || !cancelled[other].contains(place)
        }
        if isElsewhere || looks.isUnneeded(point) { positions[number].remove(index) }
      }
    }
    guard count > 0 else { return }
    var finished: [PositionSet] = Array(repeating: PositionSet(), count: grids.count)
    try reader.forEachOutcome { stored in
      for (number, grid) in grids.enumerated() {
        if let index = grid.index(of: stored.outcome.point) { finished[number].insert(index) }
      }
      return true
    }
    positions = zip(positions, finished).map { $0.subtracting($1) }
  }

  package var count: Int { positions.reduce(0) { $0 + $1.count } }

  /// Of those that a filter accepts.
  func count(of filter: PointFilter) -> Int {
    zip(grids, positions).reduce(0) { sum, own in
      own.1.isEmpty ? sum : sum + own.1.intersection(own.0.positions(of: filter)).count
    }
  }

  /// How many there are of each configuration that has any.
  package var byConfiguration: [Configuration: Int] {
    var counts: [Configuration: Int] = [:]
    for (grid, own) in zip(grids, positions) where !own.isEmpty {
      counts.merge(grid.countByConfiguration(own)) { $0 + $1 }
    }
    return counts
  }

  package func contains(_ point: Point) -> Bool {
    zip(grids, positions).contains { grid, own in
      !own.isEmpty && grid.index(of: point).map(own.contains) ?? false
    }
  }
}
