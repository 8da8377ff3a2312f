import Sweep

/// Reads seeds: `7`, `0..19` (both ends belong to it), or a list of either.
enum SeedAxisReader {
  /// The most seeds of a list with gaps.
  ///
  /// One unbroken range may have all 2³² of them.
  static let maxListed = 10_000

  /// Seeds that follow on one another are kept as one range, however long.
  static func values(_ items: [Node], of axis: Entry) throws(Fault) -> GridAxis.Values {
    var runs: [ClosedRange<UInt32>] = []
    for item in items {
      let element = Entry(name: axis.name, place: axis.place, node: item)
      let range = try self.range(element)
      if let twice = runs.first(where: { $0.overlaps(range) }) {
        let seed = max(twice.lowerBound, range.lowerBound)
        throw element.fault("seed \(seed) stands twice in the list")
      }
      if let last = runs.last, last.upperBound < .max, last.upperBound + 1 == range.lowerBound {
        runs[runs.count - 1] = last.lowerBound...range.upperBound
      } else {
        runs.append(range)
      }
      guard runs.count == 1 || runs.reduce(0, { $0 + $1.count }) <= maxListed else {
        throw element.fault(
          "more than \(maxListed) seeds in a list with gaps: give one range, such as 0..99999")
      }
    }
    if runs.count == 1 { return .seeds(runs[0]) }
    return .list(runs.flatMap { $0.map(GridValue.seed) })
  }

  private static func range(_ entry: Entry) throws(Fault) -> ClosedRange<UInt32> {
    let expected = "a whole number from 0 to \(UInt32.max) or a range such as 0..19"
    if let whole = entry.node.wholeNumber, let seed = UInt32(exactly: whole) { return seed...seed }
    guard case .scalar(let scalar) = entry.node, scalar.isPlain else {
      throw entry.refused(mustBe: expected)
    }
    let ends = scalar.string.split(separator: "..", omittingEmptySubsequences: false)
    guard ends.count == 2, let first = seed(ends[0]), let last = seed(ends[1]) else {
      throw entry.refused(mustBe: expected)
    }
    guard first <= last else {
      throw entry.fault("\(first)..\(last) runs backwards: write \(last)..\(first)")
    }
    return first...last
  }

  private static func seed(_ text: Substring) -> UInt32? {
    guard !text.isEmpty, text.allSatisfy({ $0.isASCII && $0.isWholeNumber }) else { return nil }
    return UInt32(text)
  }
}
