/// Which positions of a grid are cancelled by orders.
package struct CancelledPositions: Sendable {
  package private(set) var positions = PositionSet()

  /// - Parameter orders: All that were ever given, in their order.
  package init(of grid: Grid, by orders: [SweepOrder]) {
    for order in orders { apply(order, to: grid) }
  }

  private mutating func apply(_ order: SweepOrder, to grid: Grid) {
    switch order {
    case .cancel(let filter): positions.formUnion(grid.positions(of: filter))
    case .retry(let filter):
      guard !positions.isEmpty else { return }
      positions = positions.subtracting(grid.positions(of: filter))
    case .pause, .resume, .drain, .undrain: break
    }
  }
}
