/// One zeroed allocation of floats, aligned to cache lines, cut into pieces by its owner.
///
/// Everything a training step touches lies in arenas made before the first step; the step itself
/// allocates nothing.
package final class Arena {
  /// Alignment of every piece: a cache line of 64 bytes.
  package static let alignment = 16

  package let base: UnsafeMutablePointer<Float>
  package let count: Int
  private var used = 0

  package init(count: Int) {
    self.count = count
    let raw = UnsafeMutableRawPointer.allocate(
      byteCount: Swift.max(count, 1) * MemoryLayout<Float>.stride, alignment: 4096)
    base = raw.bindMemory(to: Float.self, capacity: Swift.max(count, 1))
    base.initialize(repeating: 0, count: count)
  }

  deinit { UnsafeMutableRawPointer(base).deallocate() }

  /// The floats a piece of `count` takes, rounded up to the alignment.
  package static func size(of count: Int) -> Int { (count + alignment - 1) / alignment * alignment }

  /// Hands out the next piece; the pieces' sizes must sum to at most `count`.
  package func take(_ count: Int) -> UnsafeMutablePointer<Float> {
    let piece = base + used
    used += Self.size(of: count)
    precondition(used <= self.count, "arena of \(self.count) floats is used up")
    return piece
  }

  /// The floats a matrix takes.
  package static func size(rows: Int, columns: Int) -> Int { size(of: rows * columns.rowStride) }

  /// Hands out the next piece as a matrix.
  package func takeMatrix(rows: Int, columns: Int) -> Matrix {
    Matrix(take(rows * columns.rowStride), rows: rows, columns: columns)
  }
}

/// A view of a row-major matrix: `rows` × `columns`, rows `stride` floats apart.
///
/// `stride` is at least `paddedColumns`; what lies between `columns` and `stride` is padding, which
/// is zero in parameters and gradients and has no meaning in activations.
@usableFromInline
package struct Matrix {
  @usableFromInline package let base: UnsafeMutablePointer<Float>
  @usableFromInline package let rows: Int
  @usableFromInline package let columns: Int
  @usableFromInline package let stride: Int

  @inlinable
  package init(_ base: UnsafeMutablePointer<Float>, rows: Int, columns: Int, stride: Int) {
    self.base = base
    self.rows = rows
    self.columns = columns
    self.stride = stride
  }

  /// With rows `columns.rowStride` apart.
  @inlinable
  package init(_ base: UnsafeMutablePointer<Float>, rows: Int, columns: Int) {
    self.init(base, rows: rows, columns: columns, stride: columns.rowStride)
  }

  /// The first `count` rows.
  @inlinable
  package func prefix(_ count: Int) -> Matrix {
    Matrix(base, rows: count, columns: columns, stride: stride)
  }

  /// The columns with their padding to whole lanes: what elementwise kernels run over.
  @inlinable @inline(__always)
  package var paddedColumns: Int { columns.roundedUpToLanes }

  /// Where row `index` starts.
  @inlinable @inline(__always)
  package func row(_ index: Int) -> UnsafeMutablePointer<Float> { base + index * stride }
}
