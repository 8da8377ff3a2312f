package import Sweep

/// The final errors of one configuration's runs, as many as a page can show.
///
/// All of them up to a bound; beyond it a share of them that depends on nothing but their keys, so that the
/// order in which they came changes nothing, with the least and the greatest of all.
package struct OutcomeStrip: Hashable, Sendable {
  package static let mostKept = 2048

  private struct Kept: Hashable, Sendable {
    let value: Double
    let lottery: UInt64
  }

  /// Runs that were added.
  package private(set) var count = 0
  /// Ascending.
  private var kept: [Kept] = []
  /// A value is kept where its key ends in so many noughts in binary.
  private var level = 0
  private var ends: ClosedRange<Double>?

  package init() {}

  /// Whether some of the runs are not among its values.
  package var isThinned: Bool { level > 0 }

  /// Takes the finite value of a run.
  package mutating func add(_ value: Double, of key: PointKey) {
    count += 1
    ends = ends.map { min($0.lowerBound, value)...max($0.upperBound, value) } ?? value...value
    let lottery = UInt64(key.description.suffix(16), radix: 16) ?? 0
    guard lottery.trailingZeroBitCount >= level else { return }
    kept.insert(Kept(value: value, lottery: lottery), at: place(of: value))
    while kept.count > Self.mostKept {
      level += 1
      kept.removeAll { $0.lottery.trailingZeroBitCount < level }
    }
  }

  /// Where a value belongs, found by halving.
  private func place(of value: Double) -> Int {
    var (low, high) = (0, kept.count)
    while low < high {
      let middle = (low + high) / 2
      if kept[middle].value <= value { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// At most so many of the values, ascending: all of them, or some at even ranks with both ends.
  package func dots(atMost most: Int) -> [Double] {
    guard let ends else { return [] }
    guard isThinned || kept.count > most else { return kept.map(\.value) }
    guard most > 2 else { return [ends.lowerBound, ends.upperBound] }
    let inner = (1..<(most - 1)).map { quantile(Double($0) / Double(most - 1)) }
    return [ends.lowerBound] + inner + [ends.upperBound]
  }

  /// The value below which this share of the runs lies, between two of them in proportion; 0 without any.
  package func quantile(_ share: Double) -> Double {
    guard !kept.isEmpty else { return 0 }
    let place = min(1, max(0, share)) * Double(kept.count - 1)
    let (low, rest) = (Int(place), place - place.rounded(.down))
    guard low + 1 < kept.count else { return kept[low].value }
    return kept[low].value + rest * (kept[low + 1].value - kept[low].value)
  }
}
