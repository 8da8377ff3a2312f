/// The nonzero entries of a batch of images, by row (image) and by column (pixel).
///
/// By row for the forward product, by column for the weight gradient. Rows are cut into blocks of
/// 112 pixels, so that the rows of the weights that a block meets stay in the first-level cache. Room for the densest batch is
/// made once.
@usableFromInline
package final class SparseBatch {
  package let width: Int
  @usableFromInline package private(set) var rows = 0
  /// Pixels of one block.
  private static let blockWidth = 112
  @usableFromInline package let blocks: Int
  /// Entries of row i in block b lie at blockStart[i · blocks + b] up to the next start.
  @usableFromInline package let blockStart: UnsafeMutablePointer<Int32>
  @usableFromInline package let column: UnsafeMutablePointer<UInt16>
  @usableFromInline package let value: UnsafeMutablePointer<Float>
  /// Entries of column k lie at columnStart[k] ..< columnStart[k + 1], by ascending row.
  package let columnStart: UnsafeMutablePointer<Int32>
  package let row: UnsafeMutablePointer<Int32>
  package let columnValue: UnsafeMutablePointer<Float>
  private let cursor: UnsafeMutablePointer<Int32>
  private let table: UnsafeMutablePointer<Float>

  /// Room for `maxRows` rows of `width` < 65,536 pixels with at most `maxPerRow` nonzeros each;
  /// `withColumns` only where a weight gradient will be asked for.
  package init(maxRows: Int, width: Int, maxPerRow: Int, withColumns: Bool) {
    self.width = width
    // One entry more than needed: the append below writes before it decides.
    let capacity = maxRows * maxPerRow + 1
    blocks = (width + Self.blockWidth - 1) / Self.blockWidth
    blockStart = .allocate(capacity: maxRows * blocks + 1)
    column = .allocate(capacity: capacity)
    value = .allocate(capacity: capacity)
    columnStart = .allocate(capacity: width + 1)
    cursor = .allocate(capacity: width + 1)
    row = .allocate(capacity: withColumns ? capacity : 1)
    columnValue = .allocate(capacity: withColumns ? capacity : 1)
    table = .allocate(capacity: 256)
    for byte in 0..<256 { table[byte] = Float(byte) / 255 }
    blockStart[0] = 0
  }

  deinit {
    blockStart.deallocate()
    column.deallocate()
    value.deallocate()
    columnStart.deallocate()
    cursor.deallocate()
    row.deallocate()
    columnValue.deallocate()
    table.deallocate()
  }

  /// Reads `count` images whose rows are `stride` bytes apart; `stride` is a multiple of eight and
  /// the padding is zero.
  package func fill(from pixels: UnsafePointer<UInt8>, count: Int, stride: Int) {
    rows = count
    var entry = 0
    for i in 0..<count {
      let image = UnsafeRawPointer(pixels + i * stride)
      for block in 0..<blocks {
        entry = append(
          image, block * Self.blockWidth..<min((block + 1) * Self.blockWidth, stride), at: entry)
        blockStart[i * blocks + block + 1] = Int32(truncatingIfNeeded: entry)
      }
    }
  }

  /// Appends the nonzero bytes of `pixels`, whole lanes, from `entry` on; returns the next entry.
  @inline(__always)
  private func append(_ image: UnsafeRawPointer, _ pixels: Range<Int>, at entry: Int) -> Int {
    var entry = entry
    var k = pixels.lowerBound
    while k < pixels.upperBound {
      var word = UInt64(littleEndian: image.loadUnaligned(fromByteOffset: k, as: UInt64.self))
      if word != 0 {
        for offset in 0..<8 {
          let byte = Int(truncatingIfNeeded: word & 255)
          column[entry] = UInt16(truncatingIfNeeded: k &+ offset)
          value[entry] = table[byte]
          entry &+= byte == 0 ? 0 : 1
          word &>>= 8
        }
      }
      k &+= 8
    }
    return entry
  }

  /// Sorts the entries by column (a counting sort, stable in the rows).
  package func sortByColumn() {
    let entries = Int(blockStart[rows * blocks])
    columnStart.update(repeating: 0, count: width + 1)
    for entry in 0..<entries { columnStart[Int(column[entry]) + 1] &+= 1 }
    for k in 0..<width { columnStart[k + 1] &+= columnStart[k] }
    cursor.update(from: columnStart, count: width)
    for i in 0..<rows {
      for entry in Int(blockStart[i * blocks])..<Int(blockStart[(i + 1) * blocks]) {
        let k = Int(column[entry])
        let target = Int(cursor[k])
        cursor[k] &+= 1
        row[target] = Int32(truncatingIfNeeded: i)
        columnValue[target] = value[entry]
      }
    }
  }
}
