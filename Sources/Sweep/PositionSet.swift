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

  /// Inserts a range, a word of bits at a time.
  package mutating func insert(_ range: Range<Int>) { change(range) { $0 | $1 } }

  /// Removes a range, a word of bits at a time.
  package mutating func remove(_ range: Range<Int>) {
    guard !isEmpty else { return }
    change(range) { $0 & ~$1 }
  }

  /// Changes the words of a range by masks of the bits that lie in it.
  private mutating func change(_ range: Range<Int>, _ join: (UInt64, UInt64) -> UInt64) {
    var position = range.lowerBound
    while position < range.upperBound {
      let block = position / Self.blockBits
      let end = min(range.upperBound, (block + 1) * Self.blockBits)
      var words = blocks[block] ?? [UInt64](repeating: 0, count: Self.blockBits / 64)
      // Held once, so that it is changed where it lies.
      blocks[block] = nil
      while position < end {
        let word = Self.word(position)
        let last = min(end, (position / 64 + 1) * 64)
        let bits = last - position
        let mask: UInt64 =
          (bits == 64 ? .max : (1 << UInt64(bits)) - 1) << UInt64(position % 64)
        let changed = join(words[word], mask)
        count += changed.nonzeroBitCount - words[word].nonzeroBitCount
        words[word] = changed
        position = last
      }
      if words.contains(where: { $0 != 0 }) { blocks[block] = words }
    }
  }

  package func intersection(_ other: PositionSet) -> PositionSet {
    subtracting(subtracting(other))
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
    positions.reserveCapacity(count)
    visit { positions.append($0) }
    return positions
  }

  /// Gives every position, ascending, without a list of them.
  package func visit(_ body: (Int) -> Void) {
    for (block, words) in blocks.sorted(by: { $0.key < $1.key }) {
      for (place, word) in words.enumerated() {
        var left = word
        while left != 0 {
          body(block * Self.blockBits + place * 64 + left.trailingZeroBitCount)
          left &= left - 1
        }
      }
    }
  }

  private static func word(_ position: Int) -> Int { position % blockBits / 64 }
  private static func bit(_ position: Int) -> UInt64 { 1 << UInt64(position % 64) }
}
