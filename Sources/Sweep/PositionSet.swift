/// A set of positions of a grid: a bit for each, in blocks that exist where something is in them.
///
/// A million finished positions take a few hundred kilobytes, and a few of a huge grid take a block
/// each.
package struct PositionSet: Hashable, Sendable, ExpressibleByArrayLiteral {
  private static let blockBits = 4096
  private var blocks: [Int: [UInt64]] = [:]
  package private(set) var count = 0

  package init() {}

  package init(_ positions: some Sequence<Int>) {
    for position in positions { insert(position) }
  }

  package init(arrayLiteral positions: Int...) { self.init(positions) }

  package var isEmpty: Bool { count == 0 }

  package func contains(_ position: Int) -> Bool {
    guard let block = blocks[position / Self.blockBits] else { return false }
    return block[Self.word(position)] & Self.bit(position) != 0
  }

  /// - Returns: Whether it was not there before.
  @discardableResult
  package mutating func insert(_ position: Int) -> Bool {
    guard !contains(position) else { return false }
    let empty = [UInt64](repeating: 0, count: Self.blockBits / 64)
    blocks[position / Self.blockBits, default: empty][Self.word(position)] |= Self.bit(position)
    count += 1
    return true
  }

  /// - Returns: Whether it was there.
  @discardableResult
  package mutating func remove(_ position: Int) -> Bool {
    guard contains(position) else { return false }
    let block = position / Self.blockBits
    blocks[block]?[Self.word(position)] &= ~Self.bit(position)
    count -= 1
    if blocks[block]?.allSatisfy({ $0 == 0 }) == true { blocks[block] = nil }
    return true
  }

  package mutating func formUnion(_ other: PositionSet) {
    for (block, words) in other.blocks { merge(words, into: block, |) }
  }

  /// Those that are not in `other`.
  package func subtracting(_ other: PositionSet) -> PositionSet {
    var left = self
    for (block, words) in other.blocks where blocks[block] != nil {
      left.merge(words, into: block) { $0 & ~$1 }
    }
    return left
  }

  private mutating func merge(
    _ words: [UInt64], into block: Int, _ join: (UInt64, UInt64) -> UInt64
  ) {
    let own = blocks[block] ?? [UInt64](repeating: 0, count: words.count)
    let joined = zip(own, words).map(join)
    count += Self.bits(joined) - Self.bits(own)
    blocks[block] = joined.allSatisfy { $0 == 0 } ? nil : joined
  }

  private static func bits(_ words: [UInt64]) -> Int {
    words.reduce(0) { $0 + $1.nonzeroBitCount }
  }

  /// Ascending.
  package var sorted: [Int] {
    var positions: [Int] = []
    for (block, words) in blocks.sorted(by: { $0.key < $1.key }) {
      for (place, word) in words.enumerated() where word != 0 {
        let first = block * Self.blockBits + place * 64
        for bit in 0..<64 where word >> UInt64(bit) & 1 != 0 { positions.append(first + bit) }
      }
    }
    return positions
  }

  private static func word(_ position: Int) -> Int { position % blockBits / 64 }
  private static func bit(_ position: Int) -> UInt64 { 1 << UInt64(position % 64) }
}
