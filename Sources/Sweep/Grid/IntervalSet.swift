/// A set of whole numbers as ascending ranges that neither overlap nor touch.
struct IntervalSet: Hashable, Sendable {
  private(set) var ranges: [Range<Int>] = []

  init() {}

  /// - Parameter ranges: In any order; they may overlap.
  init(_ ranges: some Sequence<Range<Int>>) {
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) where !range.isEmpty {
      append(range)
    }
  }

  init(numbers: some Sequence<Int>) {
    for number in numbers.sorted() { append(number..<number + 1) }
  }

  /// Adds a range that begins nowhere before the last one.
  private mutating func append(_ range: Range<Int>) {
    if let last = ranges.last, range.lowerBound <= last.upperBound {
      ranges[ranges.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
    } else {
      ranges.append(range)
    }
  }

  var isEmpty: Bool { ranges.isEmpty }

  var count: Int { ranges.reduce(0) { $0 + $1.count } }

  /// Found by halving.
  func contains(_ number: Int) -> Bool {
    var (low, high) = (0, ranges.count)
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].upperBound <= number { low = middle + 1 } else { high = middle }
    }
    return low < ranges.count && ranges[low].contains(number)
  }

  func intersection(_ other: IntervalSet) -> IntervalSet {
    var common = IntervalSet()
    var (own, their) = (0, 0)
    while own < ranges.count, their < other.ranges.count {
      let (left, right) = (ranges[own], other.ranges[their])
      let both = left.clamped(to: right)
      if !both.isEmpty { common.ranges.append(both) }
      if left.upperBound < right.upperBound { own += 1 } else { their += 1 }
    }
    return common
  }

  func union(_ other: IntervalSet) -> IntervalSet { IntervalSet(ranges + other.ranges) }

  /// The numbers of `whole` that are not in this set.
  func complement(in whole: Range<Int>) -> IntervalSet {
    var rest = IntervalSet()
    var start = whole.lowerBound
    for range in ranges {
      let cut = range.clamped(to: whole)
      guard !cut.isEmpty else { continue }
      if start < cut.lowerBound { rest.ranges.append(start..<cut.lowerBound) }
      start = cut.upperBound
    }
    if start < whole.upperBound { rest.ranges.append(start..<whole.upperBound) }
    return rest
  }
}
