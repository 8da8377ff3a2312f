/// Which positions of a grid are cancelled by orders in their order.
package struct CancelledPositions: Sendable {
  private let grid: Grid
  private var lookup: GridLookup
  package private(set) var positions = PositionSet()

  package init(_ grid: Grid) {
    self.grid = grid
    lookup = GridLookup(grid)
  }

  /// Takes an order into account; those that are not about points change nothing.
  package mutating func apply(_ order: SweepOrder) {
    switch order {
    case .cancel(let filter):
      for index in lookup.positions(of: filter) { positions.insert(index) }
    case .retry(let filter):
      guard !positions.isEmpty else { return }
      guard !filter.isAll else {
        positions = PositionSet()
        return
      }
      for index in lookup.positions(of: filter) { positions.remove(index) }
    case .pause, .resume, .drain, .undrain: break
    }
  }
}

extension GridLookup {
  /// The positions of the points that a filter accepts, ascending.
  ///
  /// Takes time in the number of positions.
  package mutating func positions(of filter: PointFilter) -> [Int] {
    var found: [Int] = []
    for index in 0..<grid.positions {
      if let point = point(at: index), filter.accepts(point) { found.append(index) }
    }
    return found
  }
}
