/// Products by our own register tiles where they are the faster ones, and the room they pack into.
///
/// A panel is 16 columns of the right operand, or 48 with registers of sixteen floats, copied
/// together so that it stays close while every row of the left operand passes over it. Zen 5,
/// 128 × 256 × 784 in the three forms: OpenBLAS's `Haswell` kernels 417, 406 and 423 µs, tiles of
/// eights 410, 402 and 421, of sixteens 214, 205 and 225 (OpenBLAS's `SkylakeX` 216, 211 and 243).
/// Shapes that do not fit the tile, and other cores, go to OpenBLAS.
package final class DenseProducts {
  /// Rows of one panel: 512 × 16 floats are 32 KiB.
  private static let deepest = 512
  /// Fewer rows are not worth the packing.
  private static let fewestRows = 6
  private static let tileColumns = 16
  /// The cores whose shapes are cut into tiles: a function of the core alone, as the bits are.
  private static let tileCores: Set = ["Haswell", "Zen", "Excavator", "SkylakeX", "Cooperlake"]

  private let arena: Arena
  private let panel: UnsafeMutablePointer<Float>
  private let usesTiles: Bool
  private let isWide: Bool
  private let panelColumns: Int

  /// `wide`: in registers of sixteen floats where the CPU has them; the bits are the same.
  package init(wide: Bool = WideVectors.areAvailable) {
    isWide = wide && WideVectors.areAvailable
    panelColumns = isWide ? 3 * Self.tileColumns : Self.tileColumns
    arena = Arena(count: Arena.size(of: Self.deepest * panelColumns))
    panel = arena.take(Self.deepest * panelColumns)
    usesTiles = Self.tileCores.contains(BLAS.coreName)
  }

  /// output[m,n] = left[m,k] · right[k,n].
  package func multiply(_ left: Matrix, _ right: Matrix, into output: Matrix) {
    if isNarrow(output) {
      return multiplyNarrow(
        left.base, rowStep: left.stride, depthStep: 1, right.base, rightStep: right.stride,
        depth: right.rows, into: output)
    }
    guard fits(output) else { return BLAS.multiply(left, right, into: output) }
    forEachPanel(depth: right.rows, columns: output.columns) { part in
      copyPanel(of: right, part)
      passRows(
        left.base + part.start, rowStep: left.stride, depthStep: 1, part, output,
        adding: part.start > 0)
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
    forEachPanel(depth: left.columns, columns: output.columns) { part in
      transposePanel(of: right, part)
      passRows(
        left.base + part.start, rowStep: left.stride, depthStep: 1, part, output,
        adding: adding || part.start > 0)
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
    forEachPanel(depth: right.rows, columns: output.columns) { part in
      copyPanel(of: right, part)
      passRows(
        left.row(part.start), rowStep: 1, depthStep: left.stride, part, output,
        adding: part.start > 0)
    }
  }

  /// Whether an output of this shape is cut into tiles; it follows from the shape and the core.
  private func fits(_ output: Matrix) -> Bool {
    usesTiles && output.rows >= Self.fewestRows && output.columns % Self.tileColumns == 0
  }

  /// Whether an output is one register wide; OpenBLAS spends more on its set-up than on such work.
  private func isNarrow(_ output: Matrix) -> Bool { usesTiles && output.columns <= 8 }

  /// A part of the right operand: rows start ..< start + depth, columns column ..< column + width.
  private struct Part {
    let start: Int
    let depth: Int
    let column: Int
    let width: Int
  }

  /// Calls `body` for every panel.
  @inline(__always)
  private func forEachPanel(depth: Int, columns: Int, _ body: (Part) -> Void) {
    // Equal parts, each a multiple of eight but for the last.
    let parts = (depth + Self.deepest - 1) / Self.deepest
    let part = ((depth + parts - 1) / parts).roundedUpToLanes
    var j = 0
    while j < columns {
      let width = min(panelColumns, columns - j)
      for start in stride(from: 0, to: depth, by: part) {
        body(Part(start: start, depth: min(part, depth - start), column: j, width: width))
      }
      j += width
    }
  }

  /// panel ← that part of `right`.
  private func copyPanel(of right: Matrix, _ part: Part) {
    var target = panel
    for k in 0..<part.depth {
      let source = right.row(part.start + k) + part.column
      var j = 0
      while j < part.width {
        target.store(source.lanes(at: j), at: j)
        target.store(source.lanes(at: j + 8), at: j + 8)
        j += 16
      }
      target += part.width
    }
  }

  /// panel ← that part of the transpose of `right`.
  private func transposePanel(of right: Matrix, _ part: Part) {
    for j in stride(from: 0, to: part.width, by: 8) {
      for k in stride(from: 0, to: part.depth, by: 8) {
        transposeBlock(
          right.row(part.column + j) + part.start + k, stride: right.stride,
          into: panel + k * part.width + j, stride: part.width)
      }
    }
  }

  /// Takes all rows of the left operand over the panel.
  @inline(__always)
  private func passRows(
    _ left: UnsafePointer<Float>, rowStep: Int, depthStep: Int, _ part: Part, _ output: Matrix,
    adding: Bool
  ) {
    if isWide {
      return WideVectors.multiplyPanel(
        left, rowStep: rowStep, depthStep: depthStep, panel, depth: part.depth,
        into: output.base + part.column, stride: output.stride, rows: output.rows,
        columns: part.width, adding: adding)
    }
    passRowsByEight(left, rowStep, depthStep, part.depth, output, part.column, adding)
  }

  /// The same in registers of eight floats: sixes, then fours, then at most one.
  @inline(__always)
  private func passRowsByEight(
    _ left: UnsafePointer<Float>, _ rowStep: Int, _ depthStep: Int, _ depth: Int, _ output: Matrix,
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

/// Eight rows of eight, transposed.
///
/// Three rounds of splitting each pair of vectors into even and odd lanes turn the index bits
/// (r₂r₁r₀ c₂c₁c₀) by three places.
@inline(__always)
private func transposeBlock(
  _ source: UnsafePointer<Float>, stride: Int, into target: UnsafeMutablePointer<Float>,
  stride targetStride: Int
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
  target.store(columns.1, at: targetStride)
  target.store(columns.2, at: 2 * targetStride)
  target.store(columns.3, at: 3 * targetStride)
  target.store(columns.4, at: 4 * targetStride)
  target.store(columns.5, at: 5 * targetStride)
  target.store(columns.6, at: 6 * targetStride)
  target.store(columns.7, at: 7 * targetStride)
}
