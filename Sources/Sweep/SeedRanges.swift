/// A set of seeds as ascending ranges that neither overlap nor touch.
package struct SeedRanges: Hashable, Sendable {
  package private(set) var ranges: [ClosedRange<UInt32>] = []

  package init(_ ranges: some Sequence<ClosedRange<UInt32>>) {
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = self.ranges.last, Int(range.lowerBound) <= Int(last.upperBound) + 1 {
        let upper = max(last.upperBound, range.upperBound)
        self.ranges[self.ranges.count - 1] = last.lowerBound...upper
      } else {
        self.ranges.append(range)
      }
    }
  }

  package func contains(_ seed: UInt32) -> Bool { ranges.contains { $0.contains(seed) } }

  package var count: Int { ranges.reduce(0) { $0 + $1.count } }

  package func union(_ other: SeedRanges) -> SeedRanges { SeedRanges(ranges + other.ranges) }

  package func subtracting(_ other: SeedRanges) -> SeedRanges {
    var left: [ClosedRange<UInt32>] = []
    var cuts = other.ranges[...]
    for range in ranges {
      var start = Int(range.lowerBound)
      let end = Int(range.upperBound)
      while let cut = cuts.first, Int(cut.upperBound) < start { cuts.removeFirst() }
      for cut in cuts {
        guard Int(cut.lowerBound) <= end else { break }
        if start < Int(cut.lowerBound) { left.append(UInt32(start)...(cut.lowerBound - 1)) }
        start = max(start, Int(cut.upperBound) + 1)
      }
      if start <= end { left.append(UInt32(start)...range.upperBound) }
    }
    return SeedRanges(left)
  }
}
