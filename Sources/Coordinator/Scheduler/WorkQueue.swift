package import Sweep

/// The points that nobody holds and that have no result: first those handed back, then the rest of
/// the grid in order.
///
/// Memory grows with what is handed back or finished ahead, not with the grid.
package struct WorkQueue: Sendable {
  private let grid: Grid
  /// Positions below it have been taken from the grid.
  private var cursor = 0
  /// Positions at or after the cursor that need no work.
  private var skipped: Set<Int>
  /// Positions handed back, ascending, so that the oldest gap closes first.
  private var returned: [Int] = []

  package init(grid: Grid, skipping: Set<Int>) {
    self.grid = grid
    skipped = skipping
  }

  /// An upper bound of what is left: repeated and excluded positions ahead are counted too.
  package var mostLeft: Int { returned.count + grid.positions - cursor - skipped.count }

  /// Takes the next point, or nil where none is left.
  package mutating func next() -> (index: Int, point: Point)? {
    while let index = returned.first {
      returned.removeFirst()
      if let point = grid.point(at: index) { return (index, point) }
    }
    while cursor < grid.positions {
      let index = cursor
      cursor += 1
      guard skipped.remove(index) == nil else { continue }
      if let point = grid.point(at: index) { return (index, point) }
    }
    return nil
  }

  /// Whether `next` would give a point.
  ///
  /// Passes over what needs no work.
  package mutating func hasNext() -> Bool {
    if !returned.isEmpty { return true }
    while cursor < grid.positions {
      if skipped.contains(cursor) {
        skipped.remove(cursor)
      } else if grid.point(at: cursor) != nil {
        return true
      }
      cursor += 1
    }
    return false
  }

  /// Hands a position back.
  package mutating func putBack(_ index: Int) {
    let place = returned.firstIndex { $0 >= index } ?? returned.endIndex
    guard place == returned.endIndex || returned[place] != index else { return }
    returned.insert(index, at: place)
  }

  /// Takes a position out, wherever it stands: it needs no work any more.
  package mutating func remove(_ index: Int) {
    if index >= cursor { skipped.insert(index) }
    returned.removeAll { $0 == index }
  }
}
