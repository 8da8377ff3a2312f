/// How many of a store's points an audit trains again.
package enum SampleSize: Hashable, Sendable, CustomStringConvertible {
  /// Of all points, from 0 to 100 percent.
  case percent(Double)
  case count(Int)

  /// Reads `2%`, `0.5%`, `20`; nil for anything else.
  package init?(_ text: String) {
    if text.hasSuffix("%") {
      guard let percent = Double(text.dropLast()), (0...100).contains(percent) else { return nil }
      self = .percent(percent)
    } else {
      guard let count = Int(text), count >= 0 else { return nil }
      self = .count(count)
    }
  }

  package var description: String {
    switch self {
    case .percent(let percent): JSONValue.number(percent).compact + "%"
    case .count(let count): "\(count)"
    }
  }

  /// A share is rounded up, so that of a small store one point is taken at least.
  package func count(of total: Int) -> Int {
    switch self {
    case .percent(let percent): min(total, Int((Double(total) * percent / 100).rounded(.up)))
    case .count(let count): min(total, count)
    }
  }
}

/// Which points an audit trains again: the same for everybody who has the keys and the seed.
///
/// Each key is given the SHA-256 of `SEED KEY` (the seed in decimal digits), and those with the smallest
/// are taken. So a larger sample holds the smaller ones of its seed, and nobody chooses.
package struct AuditSample: Hashable, Sendable {
  package let size: SampleSize
  package let seed: UInt32

  package init(size: SampleSize, seed: UInt32) {
    self.size = size
    self.seed = seed
  }

  /// The chosen keys in ascending order.
  ///
  /// Takes n log n time for n keys.
  package func choose(from keys: [PointKey]) -> [PointKey] {
    let count = size.count(of: keys.count)
    guard count < keys.count else { return keys.sorted() }
    guard count > 0 else { return [] }
    let drawn = keys.map { (key: $0, place: Digest(of: "\(seed) \($0)")) }
      .sorted { ($0.place, $0.key) < ($1.place, $1.key) }
    return drawn.prefix(count).map(\.key).sorted()
  }
}
