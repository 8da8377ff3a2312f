package import Sweep

/// The points that nobody holds and that have no result: first those handed back, then the rest of
/// the grid in order.
///
/// Memory grows with what is handed back or finished ahead, not with the grid.
package struct WorkQueue: Sendable {
  private var lookup: GridLookup
  /// Positions below it have been taken from the grid.
  private var cursor = 0
  /// Positions at or after the cursor that need no work.
  private var skipped: PositionSet
  /// Positions handed back, descending: the oldest gap closes first, from the end.
  private var returned: [Int] = []
  private var grid: Grid { lookup.grid }

  package init(grid: Grid, skipping: PositionSet) {
    lookup = GridLookup(grid)
    skipped = skipping
  }

  /// An upper bound of what is left: repeated and excluded positions ahead are counted too.
  package var maxLeft: Int { returned.count + grid.positions - cursor - skipped.count }

  /// Takes the next point, or nil where none is left.
  package mutating func next() -> (index: Int, point: Point)? {
    while let index = returned.popLast() {
      if let point = lookup.point(at: index) { return (index, point) }
    }
    while cursor < grid.positions {
      let index = cursor
      cursor += 1
      guard !skipped.remove(index) else { continue }
      if let point = lookup.point(at: index) { return (index, point) }
    }
    return nil
  }

  /// Whether `next` would give a point.
  ///
  /// Passes over what needs no work.
  package mutating func hasNext() -> Bool {
    if !returned.isEmpty { return true }
    while cursor < grid.positions {
      if !skipped.remove(cursor), lookup.point(at: cursor) != nil { return true }
      cursor += 1
    }
    return false
  }

  /// Hands a position back.
  package mutating func putBack(_ index: Int) {
    let place = place(of: index)
    guard place == returned.endIndex || returned[place] != index else { return }
    returned.insert(index, at: place)
  }

  /// Lets positions wait that were taken out, however many.
  package mutating func restore(_ positions: PositionSet) {
    // One that is ahead was skipped and no more.
    let ahead = ahead(positions).intersection(skipped)
    skipped = skipped.subtracting(ahead)
    let behind = positions.subtracting(ahead)
    guard !behind.isEmpty else { return }
    var all = behind
    for index in returned { all.insert(index) }
    returned = all.sorted.reversed()
  }

  /// Takes positions out, however many.
  ///
  /// - Returns: Those that waited here.
  package mutating func remove(_ positions: PositionSet) -> PositionSet {
    var waited = ahead(positions).subtracting(skipped)
    skipped.formUnion(waited)
    for index in returned where positions.contains(index) { waited.insert(index) }
    returned.removeAll(where: positions.contains)
    return waited
  }

  /// Those of some positions that have not been taken from the grid.
  private func ahead(_ positions: PositionSet) -> PositionSet {
    var ahead = positions
    ahead.remove(0..<cursor)
    return ahead
  }

  /// Takes a position out, wherever it stands: it needs no work any more.
  ///
  /// - Returns: Whether it waited here.
  @discardableResult
  package mutating func remove(_ index: Int) -> Bool {
    // One that was skipped at the start and then put back stands ahead and among the returned.
    let wasAhead = index >= cursor && skipped.insert(index)
    let place = place(of: index)
    guard place < returned.endIndex, returned[place] == index else { return wasAhead }
    returned.remove(at: place)
    return true
  }

  /// Where `index` stands among the returned, or would: found by halving.
  private func place(of index: Int) -> Int {
    var (low, high) = (returned.startIndex, returned.endIndex)
    while low < high {
      let middle = (low + high) / 2
      if returned[middle] > index { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
