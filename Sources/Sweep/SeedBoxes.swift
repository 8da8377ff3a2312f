/// Positions of the seed axes that exclusions name, as a union of boxes: on each axis one position,
/// or nil for all of them.
///
/// Counted by arithmetic, however long the axes are.
struct SeedBoxes {
  private(set) var boxes: [[Int?]] = []

  mutating func append(_ box: [Int?]) { boxes.append(box) }

  /// How many positions lie in every one of `unions`.
  ///
  /// Axis after axis, the positions that some box names are looked at one by one, and all others
  /// together: the time is in the boxes, not in the positions.
  ///
  /// - Parameter counts: Positions of each axis.
  static func positions(inAll unions: [SeedBoxes], counts: [Int]) -> Int {
    positions(inAll: unions.map(\.boxes), counts: counts, from: 0)
  }

  private static func positions(inAll unions: [[[Int?]]], counts: [Int], from axis: Int) -> Int {
    if unions.contains(where: \.isEmpty) { return 0 }
    // A union with a box that is free from here on holds everything and decides nothing more.
    let rest = unions.filter { boxes in
      !boxes.contains { box in box[axis...].allSatisfy { $0 == nil } }
    }
    if rest.isEmpty { return counts[axis...].reduce(1, *) }
    let free = rest.map { boxes in boxes.filter { $0[axis] == nil } }
    let named = rest.map { boxes in
      Dictionary(grouping: boxes.filter { $0[axis] != nil }) { $0[axis] ?? 0 }
    }
    let places = named.reduce(into: Set<Int>()) { $0.formUnion($1.keys) }
    var count = 0
    for place in places {
      let here = zip(free, named).map { $0 + ($1[place] ?? []) }
      count += positions(inAll: here, counts: counts, from: axis + 1)
    }
    let others = counts[axis] - places.count
    return count
      + (others > 0 ? others * positions(inAll: free, counts: counts, from: axis + 1) : 0)
  }
}
