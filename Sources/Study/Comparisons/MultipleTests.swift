/// p values adjusted for how many were looked at; nil, where a test could not be made, counts as
/// none.
package enum MultipleTests {
  /// Holm (1979): the chance of any false rejection stays below the level.
  ///
  /// The i-th smallest of m is max over j ≤ i of (m − j + 1) p_j, at most 1.
  package static func holm(_ pValues: [Double?]) -> [Double?] {
    let order = ascending(pValues)
    var adjusted = [Double?](repeating: nil, count: pValues.count)
    var largest = 0.0
    for (rank, test) in order.enumerated() {
      largest = max(largest, min(1, Double(order.count - rank) * test.p))
      adjusted[test.place] = largest
    }
    return adjusted
  }

  /// Benjamini & Hochberg (1995): q, the share of false ones among what is as small or smaller.
  ///
  /// The i-th smallest of m is min over j ≥ i of (m / j) p_j.
  package static func benjaminiHochberg(_ pValues: [Double?]) -> [Double?] {
    let order = ascending(pValues)
    var adjusted = [Double?](repeating: nil, count: pValues.count)
    var smallest = 1.0
    for (rank, test) in order.enumerated().reversed() {
      smallest = min(smallest, Double(order.count) / Double(rank + 1) * test.p)
      adjusted[test.place] = smallest
    }
    return adjusted
  }

  private static func ascending(_ pValues: [Double?]) -> [(p: Double, place: Int)] {
    pValues.enumerated().compactMap { place, p in
      p.flatMap { $0.isNaN ? nil : (p: $0, place: place) }
    }.sorted { ($0.p, $0.place) < ($1.p, $1.place) }
  }
}
