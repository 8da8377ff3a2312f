import ResultStore
import StoredStudy
import Sweep
import VAE

/// Points of a store's sweeps that operators have cancelled and that have no outcome; a point that two
/// sweeps ask for counts once.
struct CancelledPoints {
  private let grids: [Grid]
  private var positions: [PositionSet] = []

  init(_ reader: StoreReader, _ orders: [SweepOrder], _ grids: [Grid], _ looks: StoredLooks)
    throws(StoreError)
  {
    self.grids = grids
    // Without an order about points none needs to be looked at.
    guard orders.contains(where: { $0.filter != nil }) else { return }
    for (number, grid) in grids.enumerated() {
      var own = CancelledPositions(of: grid, by: orders).positions
      // Of one sweep without looks every position counts.
      if number > 0 || !looks.looks.isEmpty {
        var lookup = GridLookup(grid)
        for index in own.sorted {
          guard let point = lookup.point(at: index) else { continue }
          let isCounted = grids[..<number].contains { $0.index(of: point) != nil }
          if isCounted || looks.isUnneeded(point) { own.remove(index) }
        }
      }
      positions.append(own)
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

  var count: Int { positions.reduce(0) { $0 + $1.count } }

  /// How many there are of each configuration that has any.
  var byConfiguration: [Configuration: Int] {
    var counts: [Configuration: Int] = [:]
    for (grid, own) in zip(grids, positions) where !own.isEmpty {
      counts.merge(grid.countByConfiguration(own)) { $0 + $1 }
    }
    return counts
  }

  func contains(_ point: Point) -> Bool {
    zip(grids, positions).contains { grid, own in
      !own.isEmpty && grid.index(of: point).map(own.contains) ?? false
    }
  }
}
