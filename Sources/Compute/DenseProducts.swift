/// Dense products in the three forms that a layer needs.
package protocol MatrixProducts {
  /// output[m,n] = left[m,k] · right[k,n].
  func multiply(_ left: Matrix, _ right: Matrix, into output: Matrix)
  /// output[m,n] = left[m,k] · right[n,k]ᵀ, added to what is there where `adding`.
  func multiply(_ left: Matrix, transposing right: Matrix, into output: Matrix, adding: Bool)
  /// output[m,n] = left[k,m]ᵀ · right[k,n].
  func multiply(transposing left: Matrix, _ right: Matrix, into output: Matrix)
}

/// All products by OpenBLAS.
package struct OpenBLASProducts: MatrixProducts {
  package init() {}

  package func multiply(_ left: Matrix, _ right: Matrix, into output: Matrix) {
    BLAS.multiply(left, right, into: output)
  }

  package func multiply(
    _ left: Matrix, transposing right: Matrix, into output: Matrix, adding: Bool
  ) {
    BLAS.multiply(left, transposing: right, into: output, adding: adding)
  }

  package func multiply(transposing left: Matrix, _ right: Matrix, into output: Matrix) {
    BLAS.multiply(transposing: left, right, into: output)
  }
}

/// Products by our own register tiles where they are the faster ones, and the room they pack into.
///
/// A panel is sixteen columns of the right operand, copied together so that it stays in the
/// first-level cache while every row of the left operand passes over it. On Zen 5 with the
/// `Haswell` kernels at 437, 428 and 459 µs for 128 × 256 × 784 this takes 395, 390 and 409.
/// Shapes that do not fit the tile, and cores with wider vectors than ours, go to OpenBLAS.
package final class DenseProducts: MatrixProducts {
  /// Rows of one panel: 512 × 16 floats are 32 KiB.
  private static let deepest = 512
  /// Fewer rows are not worth the packing.
  private static let fewestRows = 6
  private static let tileColumns = 16

  private let arena: Arena
  private let panel: UnsafeMutablePointer<Float>
  private let usesTiles: Bool

  package init() {
    arena = Arena(count: Arena.size(of: Self.deepest * Self.tileColumns))
    panel = arena.take(Self.deepest * Self.tileColumns)
    usesTiles = ["Haswell", "Zen", "Excavator"].contains(BLAS.coreName)
  }

  /// output[m,n] = left[m,k] · right[k,n].
  package func multiply(_ left: Matrix, _ right: Matrix, into output: Matrix) {
    if isNarrow(output) {
      return multiplyNarrow(
        left.base, rowStep: left.stride, depthStep: 1, right.base, rightStep: right.stride,
        depth: right.rows, into: output)
    }
    guard fits(output) else { return BLAS.multiply(left, right, into: output) }
    forEachPanel(depth: right.rows, columns: output.columns) { start, depth, j in
      for k in 0..<depth {
        let source = right.row(start + k) + j
        panel.store(source.lanes(at: 0), at: k * 16)
        panel.store(source.lanes(at: 8), at: k * 16 + 8)
      }
      passRows(left.base + start, rowStep: left.stride, depthStep: 1, depth, output, j, start > 0)
    }
  }

  /// output[m,n] = left[m,k] · right[n,k]ᵀ, added to what is there where `adding`: the gradient of
  /// a layer's input.
  package func multiply(
    _ left: Matrix, transposing right: Matrix, into output: Matrix, adding: Bool = false
  ) {
    if isNarrow(output), left.columns <= Self.deepest, !adding {
      for k in 0..<left.columns {
        for j in 0..<8 { panel[k * 8 + j] = j < right.rows ? right.row(j)[k] : 0 }
      }
      return multiplyNarrow(
        left.base, rowStep: left.stride, depthStep: 1, panel, rightStep: 8, depth: left.columns,
        into: output)
    }
    guard fits(output), left.columns % 8 == 0 else {
      return BLAS.multiply(left, transposing: right, into: output, adding: adding)
    }
    forEachPanel(depth: left.columns, columns: output.columns) { start, depth, j in
      for half in 0..<2 {
        for k in stride(from: 0, to: depth, by: 8) {
          transposeBlock(
            right.row(j + 8 * half) + start + k, stride: right.stride,
            into: panel + k * 16 + 8 * half)
        }
      }
      passRows(
        left.base + start, rowStep: left.stride, depthStep: 1, depth, output, j,
        adding || start > 0)
    }
  }

  /// output[m,n] = left[k,m]ᵀ · right[k,n]: the gradient of a layer's weights.
  package func multiply(transposing left: Matrix, _ right: Matrix, into output: Matrix) {
    if isNarrow(output) {
      return multiplyNarrow(
        left.base, rowStep: 1, depthStep: left.stride, right.base, rightStep: right.stride,
        depth: right.rows, into: output)
    }
    guard fits(output) else { return BLAS.multiply(transposing: left, right, into: output) }
    forEachPanel(depth: right.rows, columns: output.columns) { start, depth, j in
      for k in 0..<depth {
        let source = right.row(start + k) + j
        panel.store(source.lanes(at: 0), at: k * 16)
        panel.store(source.lanes(at: 8), at: k * 16 + 8)
      }
      passRows(
        left.row(start), rowStep: 1, depthStep: left.stride, depth, output, j, start > 0)
    }
  }

  /// Whether an output of this shape is cut into tiles; it follows from the shape and the core.
  private func fits(_ output: Matrix) -> Bool {
    usesTiles && output.rows >= Self.fewestRows && output.columns % Self.tileColumns == 0
  }

  /// Whether an output is one register wide; OpenBLAS spends more on its set-up than on such work.
  private func isNarrow(_ output: Matrix) -> Bool { usesTiles && output.columns <= 8 }

  /// Calls `body` for every panel: first row and number of rows of the depth, first column.
  @inline(__always)
  private func forEachPanel(depth: Int, columns: Int, _ body: (Int, Int, Int) -> Void) {
    // Equal parts, each a multiple of eight but for the last.
    let parts = (depth + Self.deepest - 1) / Self.deepest
    let part = ((depth + parts - 1) / parts).roundedUpToLanes
    for j in stride(from: 0, to: columns, by: Self.tileColumns) {
      for start in stride(from: 0, to: depth, by: part) {
        body(start, min(part, depth - start), j)
      }
    }
  }

  /// Takes all rows of the left operand over the panel: sixes, then fours, then at most one.
  @inline(__always)
  private func passRows(
    _ left: UnsafePointer<Float>, rowStep: Int, depthStep: Int, _ depth: Int, _ output: Matrix,
    _ j: Int, _ adding: Bool
  ) {
    let even = output.rows & ~1
    // What six does not divide is made of fours: 2 = 4 + 4 − 6, 4 = 4.
    let fours = even % 6 == 0 ? 0 : (even % 6 == 4 ? 1 : 2)
    var i = 0
    while i < even - 4 * fours {
      multiplySixRows(
        left + i * rowStep, rowStep: rowStep, depthStep: depthStep, panel, depth: depth,
        into: output.row(i) + j, stride: output.stride, adding: adding)
      i += 6
    }
    while i < even {
      multiplyFourRows(
        left + i * rowStep, rowStep: rowStep, depthStep: depthStep, panel, depth: depth,
        into: output.row(i) + j, stride: output.stride, adding: adding)
      i += 4
    }
    if i < output.rows {
      multiplyOneRow(
        left + i * rowStep, depthStep: depthStep, panel, depth: depth, into: output.row(i) + j,
        adding: adding)
    }
  }
}

/// Eight rows of eight, transposed into rows 16 floats apart.
///
/// Three rounds of splitting each pair of vectors into even and odd lanes turn the index bits
/// (r₂r₁r₀ c₂c₁c₀) by three places.
@inline(__always)
private func transposeBlock(
  _ source: UnsafePointer<Float>, stride: Int, into target: UnsafeMutablePointer<Float>
) {
  typealias Eight = (Lanes, Lanes, Lanes, Lanes, Lanes, Lanes, Lanes, Lanes)
  func split(_ a: Lanes, _ b: Lanes) -> (even: Lanes, odd: Lanes) {
    let both = SIMD16<Float>(lowHalf: a, highHalf: b)
    return (both.evenHalf, both.oddHalf)
  }
  func round(_ v: Eight) -> Eight {
    let (a, b, c, d) = (split(v.0, v.1), split(v.2, v.3), split(v.4, v.5), split(v.6, v.7))
    return (a.even, b.even, c.even, d.even, a.odd, b.odd, c.odd, d.odd)
  }
  let rows: Eight = (
    source.lanes(at: 0), source.lanes(at: stride), source.lanes(at: 2 * stride),
    source.lanes(at: 3 * stride), source.lanes(at: 4 * stride), source.lanes(at: 5 * stride),
    source.lanes(at: 6 * stride), source.lanes(at: 7 * stride)
  )
  let columns = round(round(round(rows)))
  target.store(columns.0, at: 0)
  target.store(columns.1, at: 16)
  target.store(columns.2, at: 32)
  target.store(columns.3, at: 48)
  target.store(columns.4, at: 64)
  target.store(columns.5, at: 80)
  target.store(columns.6, at: 96)
  target.store(columns.7, at: 112)
}
