// Products with a sparse batch. A tile is 64 columns wide: its eight accumulators stay in registers
// over a whole row, and the tile of the dense operand stays in the second-level cache.

/// output[i,·] ← f(bias + Σₖ x[i,k] · weights[k,·]): a first layer's forward pass.
///
/// Cost: 2 · nonzeros · columns operations, against 2 · rows · width · columns of the dense form.
@inlinable
package func multiplySparseRows<F: LaneActivation>(
  _ batch: SparseBatch, _ weights: Matrix, bias: UnsafePointer<Float>, into output: Matrix,
  _ activation: F.Type
) {
  forEachTile(output.paddedColumns) { first, isWide in
    for i in 0..<batch.rows {
      let entries = Int(batch.rowStart[i])..<Int(batch.rowStart[i + 1])
      let target = output.row(i) + first
      if isWide {
        var sum = WideTile(bias + first)
        for entry in entries {
          sum.add(batch.value[entry], weights.row(Int(batch.column[entry])) + first)
        }
        sum.activate(F.self)
        sum.store(target)
      } else {
        var sum = (bias + first).lanes(at: 0)
        for entry in entries {
          sum = sum.addingProduct(
            Lanes(repeating: batch.value[entry]),
            (weights.row(Int(batch.column[entry])) + first).lanes(at: 0))
        }
        target.store(F.value(sum), at: 0)
      }
    }
  }
}

/// gradient[k,·] ← Σᵢ x[i,k] · delta[i,·]: a first layer's weight gradient, xᵀ · delta.
package func multiplySparseColumns(_ batch: SparseBatch, _ delta: Matrix, into gradient: Matrix) {
  forEachTile(gradient.paddedColumns) { first, isWide in
    for k in 0..<batch.width {
      let entries = Int(batch.columnStart[k])..<Int(batch.columnStart[k + 1])
      let target = gradient.row(k) + first
      if isWide {
        var sum = WideTile()
        for entry in entries {
          sum.add(batch.columnValue[entry], delta.row(Int(batch.row[entry])) + first)
        }
        sum.store(target)
      } else {
        var sum = Lanes(repeating: 0)
        for entry in entries {
          sum = sum.addingProduct(
            Lanes(repeating: batch.columnValue[entry]),
            (delta.row(Int(batch.row[entry])) + first).lanes(at: 0))
        }
        target.store(sum, at: 0)
      }
    }
  }
}

/// Cuts the columns into tiles of 64 and, for the rest, of 8.
@inlinable @inline(__always)
func forEachTile(_ columns: Int, _ body: (_ first: Int, _ isWide: Bool) -> Void) {
  var first = 0
  while first + 64 <= columns {
    body(first, true)
    first += 64
  }
  while first < columns {
    body(first, false)
    first += 8
  }
}

/// Eight registers: 64 columns of one row.
@usableFromInline
struct WideTile {
  @usableFromInline var a, b, c, d, e, f, g, h: Lanes

  @inlinable @inline(__always)
  init() {
    let zero = Lanes(repeating: 0)
    (a, b, c, d, e, f, g, h) = (zero, zero, zero, zero, zero, zero, zero, zero)
  }

  @inlinable @inline(__always)
  init(_ source: UnsafePointer<Float>) {
    a = source.lanes(at: 0)
    b = source.lanes(at: 8)
    c = source.lanes(at: 16)
    d = source.lanes(at: 24)
    e = source.lanes(at: 32)
    f = source.lanes(at: 40)
    g = source.lanes(at: 48)
    h = source.lanes(at: 56)
  }

  /// self ← self + scale · row.
  @inlinable @inline(__always)
  mutating func add(_ scale: Float, _ row: UnsafePointer<Float>) {
    let scale = Lanes(repeating: scale)
    a = a.addingProduct(scale, row.lanes(at: 0))
    b = b.addingProduct(scale, row.lanes(at: 8))
    c = c.addingProduct(scale, row.lanes(at: 16))
    d = d.addingProduct(scale, row.lanes(at: 24))
    e = e.addingProduct(scale, row.lanes(at: 32))
    f = f.addingProduct(scale, row.lanes(at: 40))
    g = g.addingProduct(scale, row.lanes(at: 48))
    h = h.addingProduct(scale, row.lanes(at: 56))
  }

  @inlinable @inline(__always)
  mutating func activate<F: LaneActivation>(_: F.Type) {
    a = F.value(a)
    b = F.value(b)
    c = F.value(c)
    d = F.value(d)
    e = F.value(e)
    f = F.value(f)
    g = F.value(g)
    h = F.value(h)
  }

  @inlinable @inline(__always)
  func store(_ target: UnsafeMutablePointer<Float>) {
    target.store(a, at: 0)
    target.store(b, at: 8)
    target.store(c, at: 16)
    target.store(d, at: 24)
    target.store(e, at: 32)
    target.store(f, at: 40)
    target.store(g, at: 48)
    target.store(h, at: 56)
  }
}
