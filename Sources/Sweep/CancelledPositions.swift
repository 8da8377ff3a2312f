/// Which positions of a grid are cancelled by orders.
package struct CancelledPositions: Sendable {
  private var lookup: GridLookup
  package private(set) var positions = PositionSet()

  /// - Parameter orders: All that were ever given, in their order.
  package init(of grid: Grid, by orders: [SweepOrder]) {
    lookup = GridLookup(grid)
    for order in orders { apply(order) }
  }

  private mutating func apply(_ order: SweepOrder) {
    switch order {
    case .cancel(let filter):
      let found = lookup.positions(of: filter, among: 0..<lookup.grid.positions)
      for index in found { positions.insert(index) }
    case .retry(let filter):
      let found = lookup.positions(of: filter, among: positions.sorted)
      for index in found { positions.remove(index) }
    case .pause, .resume, .drain, .undrain: break
    }
  }
}

extension GridLookup {
  /// Those of some positions whose points a filter accepts, in their order.
  package mutating func positions(of filter: PointFilter, among candidates: some Sequence<Int>)
    -> [Int]
  {
    var found: [Int] = []
    for index in candidates {
      if let point = point(at: index), filter.accepts(point) { found.append(index) }
    }
    return found
  }
}
