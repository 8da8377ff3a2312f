/// How often values fell below each of some bounds, as Prometheus counts them.
package struct Histogram: Hashable, Sendable {
  /// Ascending; beyond the last of them is one place more.
  package let bounds: [Double]
  /// Values of each place alone.
  private var counts: [Int]
  package private(set) var sum = 0.0

  package init(_ bounds: [Double]) {
    self.bounds = bounds
    counts = Array(repeating: 0, count: bounds.count + 1)
  }

  package var count: Int { counts.reduce(0, +) }

  /// Values at or below each bound.
  package var cumulative: [(bound: Double, count: Int)] {
    var total = 0
    return zip(bounds, counts).map { bound, count in
      total += count
      return (bound, total)
    }
  }

  /// Counts a value; what is no number, or negative, is none.
  package mutating func observe(_ value: Double) {
    guard value.isFinite, value >= 0 else { return }
    counts[bounds.firstIndex { value <= $0 } ?? bounds.count] += 1
    sum += value
  }
}
