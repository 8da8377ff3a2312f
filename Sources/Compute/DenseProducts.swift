import CAVX512

/// Products by our own register tiles where they are the faster ones, and the room they pack into.
///
/// A panel is 16 columns of the right operand, or 48 with registers of sixteen floats, copied
/// together so that it stays close while every row of the left operand passes over it. Zen 5,
/// 128 × 256 × 784 in the three forms: OpenBLAS's `Haswell` kernels 417, 406 and 423 µs, tiles of
/// eights 410, 402 and 421, of sixteens 214, 205 and 225 (OpenBLAS's `SkylakeX` 216, 211 and 243).
/// What an element's sum is made of, and in which order, follows from the shape and the core alone:
/// shapes that are no whole tiles of ours are summed as OpenBLAS sums them, by it or by tiles of
/// sixteens that follow it; other cores leave all to OpenBLAS.
package final class DenseProducts {
  /// How the elements of an output are summed.
  enum Order {
    /// In the order of the terms, in tiles of our own.
    case ascending
    /// As OpenBLAS's `Haswell` kernels do, in tiles of sixteens.
    case haswell
    /// By OpenBLAS.
    case openBLAS
  }

  /// Fewer rows are not worth the packing.
  private static let fewestRows = 6
  /// The cores whose shapes are cut into tiles: a function of the core alone, as the bits are.
  private static let tileCores: Set = ["Haswell", "Zen", "Excavator", "SkylakeX", "Cooperlake"]

  private let room: PanelRoom
  private let usesTiles: Bool
  private let isWide: Bool
  private let panelColumns: Int
  private let followsOpenBLAS: Bool

  /// `wide`: in registers of sixteen floats where the CPU has them; the bits are the same.
  package convenience init(wide: Bool = WideVectors.areAvailable) {
    self.init(wide: wide, followingOpenBLAS: wide && HaswellOrder.matchesOpenBLAS)
  }

  /// Whether shapes that OpenBLAS would sum are summed by tiles that follow it.
  package static var followOpenBLAS: Bool { HaswellOrder.matchesOpenBLAS }

  /// `followingOpenBLAS` needs registers of sixteen.
  init(wide: Bool, followingOpenBLAS: Bool) {
    isWide = wide && WideVectors.areAvailable
    panelColumns = isWide ? 3 * tileColumns : tileColumns
    room = PanelRoom(columns: panelColumns, wide: isWide)
    usesTiles = Self.tileCores.contains(BLAS.coreName)
    followsOpenBLAS = followingOpenBLAS
  }

  /// output[m,n] = left[m,k] · right[k,n].
  package func multiply(_ left: Matrix, _ right: Matrix, into output: Matrix) {
    if isNarrow(output) {
      return multiplyNarrow(
        left.base, rowStep: left.stride, depthStep: 1, right.base, rightStep: right.stride,
        depth: right.rows, into: output)
    }
    let order = order(of: output, depth: right.rows)
    if order == .openBLAS { return BLAS.multiply(left, right, into: output) }
    forEachPart(depth: right.rows, columns: output.columns, order) { part in
      passRows(
        left.base + part.start, rowStep: left.stride, depthStep: 1,
        room.panel(of: right, part, rows: output.rows), part, output, adding: part.start > 0)
    }
  }

  /// output[m,n] = left[m,k] · right[n,k]ᵀ, added to what is there where `adding`: the gradient of
  /// a layer's input.
  package func multiply(
    _ left: Matrix, transposing right: Matrix, into output: Matrix, adding: Bool = false
  ) {
    if isNarrow(output), left.columns <= PanelRoom.deepest, !adding {
      return multiplyNarrow(
        left.base, rowStep: left.stride, depthStep: 1, room.narrowTranspose(of: right),
        rightStep: Lanes.scalarCount, depth: left.columns, into: output)
    }
    let order = order(of: output, depth: left.columns, transposing: true)
    if order == .openBLAS {
      return BLAS.multiply(left, transposing: right, into: output, adding: adding)
    }
    forEachPart(depth: left.columns, columns: output.columns, order) { part in
      passRows(
        left.base + part.start, rowStep: left.stride, depthStep: 1,
        room.transposedPanel(of: right, part), part, output, adding: adding || part.start > 0)
    }
  }

  /// output[m,n] = left[k,m]ᵀ · right[k,n]: the gradient of a layer's weights.
  package func multiply(transposing left: Matrix, _ right: Matrix, into output: Matrix) {
    if isNarrow(output) {
      return multiplyNarrow(
        left.base, rowStep: 1, depthStep: left.stride, right.base, rightStep: right.stride,
        depth: right.rows, into: output)
    }
    let order = order(of: output, depth: right.rows)
    if order == .openBLAS { return BLAS.multiply(transposing: left, right, into: output) }
    forEachPart(depth: right.rows, columns: output.columns, order) { part in
      passRows(
        left.row(part.start), rowStep: 1, depthStep: left.stride,
        room.panel(of: right, part, rows: output.rows), part, output, adding: part.start > 0)
    }
  }

  /// How an output of this shape is summed.
  ///
  /// It follows from the shape and the core; only who sums it depends on the CPU and on OpenBLAS.
  private func order(of output: Matrix, depth: Int, transposing: Bool = false) -> Order {
    guard usesTiles, output.rows >= Self.fewestRows, depth > 0 else { return .openBLAS }
    if output.columns % tileColumns == 0, !transposing || depth % 8 == 0 { return .ascending }
    return followsOpenBLAS && output.rows <= HaswellOrder.mostRows ? .haswell : .openBLAS
  }

  /// Whether an output is one register wide; OpenBLAS spends more on its set-up than on such work.
  private func isNarrow(_ output: Matrix) -> Bool { usesTiles && output.columns <= 8 }

  /// Calls `body` for every part.
  @inline(__always)
  private func forEachPart(depth: Int, columns: Int, _ order: Order, _ body: (ProductPart) -> Void)
  {
    var chunk = 0..<0
    while chunk.upperBound < columns {
      let rest = columns - chunk.upperBound
      let count = order == .haswell ? HaswellOrder.chunk(of: rest) : rest
      chunk = chunk.upperBound..<chunk.upperBound + count
      var column = chunk.lowerBound
      while column < chunk.upperBound {
        let width = panelWidth(of: chunk.upperBound - column)
        var start = 0
        while start < depth {
          let length = partLength(of: depth - start, depth, order)
          body(
            ProductPart(
              order: order, start: start, depth: length, column: column, width: width, chunk: chunk)
          )
          start += length
        }
        column += width
      }
    }
  }

  /// How many of the `rest` of `depth` terms the next part takes.
  private func partLength(of rest: Int, _ depth: Int, _ order: Order) -> Int {
    if order == .haswell { return HaswellOrder.chunk(of: rest) }
    // Equal parts, each a multiple of eight but for the last.
    let parts = (depth + PanelRoom.deepest - 1) / PanelRoom.deepest
    return min(((depth + parts - 1) / parts).roundedUpToLanes, rest)
  }

  /// How many of `rest` columns the next panel takes: four tiles' widths are two and two, since one
  /// vector alone waits for its own sums.
  private func panelWidth(of rest: Int) -> Int {
    let isFourTiles = isWide && rest > 3 * tileColumns && rest <= 4 * tileColumns
    return min(rest, isFourTiles ? 2 * tileColumns : panelColumns)
  }

  /// Takes all rows of the left operand over the panel.
  @inline(__always)
  private func passRows(
    _ left: UnsafePointer<Float>, rowStep: Int, depthStep: Int, _ panel: Panel, _ part: ProductPart,
    _ output: Matrix, adding: Bool
  ) {
    guard isWide else {
      return passRowsByEight(
        left, rowStep, depthStep, panel.base, part.depth, output, part.column, adding)
    }
    let product = WideProduct(
      left: left, row_step: rowStep, depth_step: depthStep, panel: panel.base,
      panel_step: panel.step, depth: part.depth, output: output.base + part.column,
      stride: output.stride, rows: output.rows, columns: part.width, adding: adding)
    if part.order == .haswell {
      WideVectors.multiplyInHaswellOrder(
        product, column: part.column - part.chunk.lowerBound, columns: part.chunk.count,
        isFirstChunk: part.chunk.lowerBound == 0)
    } else {
      WideVectors.multiply(product)
    }
  }

  /// The same in registers of eight floats: sixes, then fours, then at most one.
  @inline(__always)
  private func passRowsByEight(
    _ left: UnsafePointer<Float>, _ rowStep: Int, _ depthStep: Int,
    _ panel: UnsafePointer<Float>, _ depth: Int, _ output: Matrix, _ j: Int, _ adding: Bool
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
