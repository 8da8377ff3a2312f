/// Columns of one tile: a register of sixteen floats, or two of eight.
let tileColumns = 16

/// A part of a product's right operand: rows start ..< start + depth, columns column ..< column + width.
struct ProductPart {
  let order: DenseProducts.Order
  let start: Int
  let depth: Int
  let column: Int
  let width: Int
  /// The columns of OpenBLAS's chunk that the part lies in; in an order of our own, all.
  let chunk: Range<Int>

  /// The width in whole tiles.
  var tiledWidth: Int { (width + tileColumns - 1) / tileColumns * tileColumns }
}

/// The rows of a part, or of its transpose, `step` floats apart, in whole tiles.
struct Panel {
  let base: UnsafePointer<Float>
  let step: Int
}

/// The room that parts of the right operand are copied into.
///
/// So they stay close while every row of the left operand passes over them. What a tile has beyond a
/// part's columns is zero.
final class PanelRoom {
  /// Rows of one panel: 512 × 16 floats are 32 KiB.
  static let deepest = 512
  /// Up to so many rows of the left operand a panel that is whole is read where it lies.
  private static let mostRowsReadInPlace = 32

  private let arena: Arena
  private let packed: UnsafeMutablePointer<Float>
  private let isWide: Bool

  /// For panels of so many columns at most.
  init(columns: Int, wide: Bool) {
    isWide = wide
    // Tiles that follow OpenBLAS read eight floats beyond their panel, whose chunks are shorter than this.
    let size = Self.deepest * columns
    arena = Arena(count: Arena.size(of: size))
    packed = arena.take(size)
  }

  /// That part of `right`, for so many rows of the left operand.
  func panel(of right: Matrix, _ part: ProductPart, rows: Int) -> Panel {
    let tiled = part.tiledWidth
    // A tile that follows OpenBLAS may begin half a vector before the part's end.
    if isWide, rows <= Self.mostRowsReadInPlace, part.width == tiled,
      part.column + tiled + 8 <= right.stride
    {
      return Panel(base: right.row(part.start) + part.column, step: right.stride)
    }
    let whole = part.width & ~7
    var target = packed
    for k in 0..<part.depth {
      let source = right.row(part.start + k) + part.column
      for j in stride(from: 0, to: whole, by: 8) { target.store(source.lanes(at: j), at: j) }
      for j in whole..<tiled { target[j] = j < part.width ? source[j] : 0 }
      target += tiled
    }
    return Panel(base: packed, step: tiled)
  }

  /// That part of the transpose of `right`.
  func transposedPanel(of right: Matrix, _ part: ProductPart) -> Panel {
    let (tiled, whole) = (part.tiledWidth, part.width & ~7)
    // Reading goes on into the padding of a row, not beyond it.
    let depth = part.depth.roundedUpToLanes
    // In squares of sixteen where there are registers for them, and the rest in squares of eight.
    let (wide, deep) = isWide ? (part.width & ~15, depth & ~15) : (0, 0)
    for j in stride(from: 0, to: wide, by: 16) {
      for k in stride(from: 0, to: deep, by: 16) {
        WideVectors.transpose(
          right.row(part.column + j) + part.start + k, step: right.stride,
          into: packed + k * tiled + j, step: tiled)
      }
    }
    for j in stride(from: 0, to: whole, by: 8) {
      for k in stride(from: j < wide ? deep : 0, to: depth, by: 8) {
        transposeBlock(
          right.row(part.column + j) + part.start + k, stride: right.stride,
          into: packed + k * tiled + j, stride: tiled)
      }
    }
    for j in whole..<tiled {
      for k in 0..<part.depth {
        packed[k * tiled + j] = j < part.width ? right.row(part.column + j)[part.start + k] : 0
      }
    }
    return Panel(base: packed, step: tiled)
  }

  /// The transpose of at most eight rows, eight floats a row.
  func narrowTranspose(of right: Matrix) -> UnsafePointer<Float> {
    for k in 0..<right.columns {
      for j in 0..<Lanes.scalarCount {
        packed[k * Lanes.scalarCount + j] = j < right.rows ? right.row(j)[k] : 0
      }
    }
    return UnsafePointer(packed)
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
