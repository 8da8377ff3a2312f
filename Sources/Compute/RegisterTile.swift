/// Six rows of sixteen columns of a product, held in twelve registers.
///
/// output[r, 0..<16] = Σₖ left(r, k) · panel[k, 0..<16] for r in 0..<6, added to what is there where
/// `adding`; left(r, k) lies at `left[r · rowStep + k · depthStep]`. Per k two loads of the panel
/// and six broadcasts feed twelve fused multiply-adds. Each element's sum runs over k in order, so it
/// does not depend on the tile that holds it.
@inline(__always)
func multiplySixRows(
  _ left: UnsafePointer<Float>, rowStep: Int, depthStep: Int, _ panel: UnsafePointer<Float>,
  depth: Int, into output: UnsafeMutablePointer<Float>, stride: Int, adding: Bool
) {
  let zero = Lanes(repeating: 0)
  var (a0, a1, b0, b1) = (zero, zero, zero, zero)
  var (c0, c1, d0, d1) = (zero, zero, zero, zero)
  var (e0, e1, f0, f1) = (zero, zero, zero, zero)
  if adding {
    a0 = output.lanes(at: 0)
    a1 = output.lanes(at: 8)
    b0 = output.lanes(at: stride)
    b1 = output.lanes(at: stride + 8)
    c0 = output.lanes(at: 2 * stride)
    c1 = output.lanes(at: 2 * stride + 8)
    d0 = output.lanes(at: 3 * stride)
    d1 = output.lanes(at: 3 * stride + 8)
    e0 = output.lanes(at: 4 * stride)
    e1 = output.lanes(at: 4 * stride + 8)
    f0 = output.lanes(at: 5 * stride)
    f1 = output.lanes(at: 5 * stride + 8)
  }
  var element = left
  var row = panel
  for _ in 0..<depth {
    let (low, high) = (row.lanes(at: 0), row.lanes(at: 8))
    let a = Lanes(repeating: element[0])
    a0 = a0.addingProduct(a, low)
    a1 = a1.addingProduct(a, high)
    let b = Lanes(repeating: element[rowStep])
    b0 = b0.addingProduct(b, low)
    b1 = b1.addingProduct(b, high)
    let c = Lanes(repeating: element[2 * rowStep])
    c0 = c0.addingProduct(c, low)
    c1 = c1.addingProduct(c, high)
    let d = Lanes(repeating: element[3 * rowStep])
    d0 = d0.addingProduct(d, low)
    d1 = d1.addingProduct(d, high)
    let e = Lanes(repeating: element[4 * rowStep])
    e0 = e0.addingProduct(e, low)
    e1 = e1.addingProduct(e, high)
    let f = Lanes(repeating: element[5 * rowStep])
    f0 = f0.addingProduct(f, low)
    f1 = f1.addingProduct(f, high)
    element += depthStep
    row += 16
  }
  output.store(a0, at: 0)
  output.store(a1, at: 8)
  output.store(b0, at: stride)
  output.store(b1, at: stride + 8)
  output.store(c0, at: 2 * stride)
  output.store(c1, at: 2 * stride + 8)
  output.store(d0, at: 3 * stride)
  output.store(d1, at: 3 * stride + 8)
  output.store(e0, at: 4 * stride)
  output.store(e1, at: 4 * stride + 8)
  output.store(f0, at: 5 * stride)
  output.store(f1, at: 5 * stride + 8)
}

/// The same for four rows: with tiles of six and four every even number of rows from four on is cut
/// without a rest.
@inline(__always)
func multiplyFourRows(
  _ left: UnsafePointer<Float>, rowStep: Int, depthStep: Int, _ panel: UnsafePointer<Float>,
  depth: Int, into output: UnsafeMutablePointer<Float>, stride: Int, adding: Bool
) {
  let zero = Lanes(repeating: 0)
  var (a0, a1, b0, b1) = (zero, zero, zero, zero)
  var (c0, c1, d0, d1) = (zero, zero, zero, zero)
  if adding {
    a0 = output.lanes(at: 0)
    a1 = output.lanes(at: 8)
    b0 = output.lanes(at: stride)
    b1 = output.lanes(at: stride + 8)
    c0 = output.lanes(at: 2 * stride)
    c1 = output.lanes(at: 2 * stride + 8)
    d0 = output.lanes(at: 3 * stride)
    d1 = output.lanes(at: 3 * stride + 8)
  }
  var element = left
  var row = panel
  for _ in 0..<depth {
    let (low, high) = (row.lanes(at: 0), row.lanes(at: 8))
    let a = Lanes(repeating: element[0])
    a0 = a0.addingProduct(a, low)
    a1 = a1.addingProduct(a, high)
    let b = Lanes(repeating: element[rowStep])
    b0 = b0.addingProduct(b, low)
    b1 = b1.addingProduct(b, high)
    let c = Lanes(repeating: element[2 * rowStep])
    c0 = c0.addingProduct(c, low)
    c1 = c1.addingProduct(c, high)
    let d = Lanes(repeating: element[3 * rowStep])
    d0 = d0.addingProduct(d, low)
    d1 = d1.addingProduct(d, high)
    element += depthStep
    row += 16
  }
  output.store(a0, at: 0)
  output.store(a1, at: 8)
  output.store(b0, at: stride)
  output.store(b1, at: stride + 8)
  output.store(c0, at: 2 * stride)
  output.store(c1, at: 2 * stride + 8)
  output.store(d0, at: 3 * stride)
  output.store(d1, at: 3 * stride + 8)
}

/// One row: the rest of an odd number of rows.
@inline(__always)
func multiplyOneRow(
  _ left: UnsafePointer<Float>, depthStep: Int, _ panel: UnsafePointer<Float>, depth: Int,
  into output: UnsafeMutablePointer<Float>, adding: Bool
) {
  var low = adding ? output.lanes(at: 0) : Lanes(repeating: 0)
  var high = adding ? output.lanes(at: 8) : Lanes(repeating: 0)
  for k in 0..<depth {
    let element = Lanes(repeating: left[k * depthStep])
    low = low.addingProduct(element, panel.lanes(at: k * 16))
    high = high.addingProduct(element, panel.lanes(at: k * 16 + 8))
  }
  output.store(low, at: 0)
  output.store(high, at: 8)
}

/// A product one register wide, four rows at a time.
///
/// output[i, 0..<8] = Σₖ left(i, k) · right[k, 0..<8]. The padding of `right` is zero, and so becomes that of `output`.
func multiplyNarrow(
  _ left: UnsafePointer<Float>, rowStep: Int, depthStep: Int, _ right: UnsafePointer<Float>,
  rightStep: Int, depth: Int, into output: Matrix
) {
  let whole = output.rows & ~3
  var i = 0
  while i < whole {
    var (a, b) = (Lanes(repeating: 0), Lanes(repeating: 0))
    var (c, d) = (a, b)
    var element = left + i * rowStep
    for k in 0..<depth {
      let row = right.lanes(at: k * rightStep)
      a = a.addingProduct(Lanes(repeating: element[0]), row)
      b = b.addingProduct(Lanes(repeating: element[rowStep]), row)
      c = c.addingProduct(Lanes(repeating: element[2 * rowStep]), row)
      d = d.addingProduct(Lanes(repeating: element[3 * rowStep]), row)
      element += depthStep
    }
    output.row(i).store(a, at: 0)
    output.row(i + 1).store(b, at: 0)
    output.row(i + 2).store(c, at: 0)
    output.row(i + 3).store(d, at: 0)
    i += 4
  }
  while i < output.rows {
    var sum = Lanes(repeating: 0)
    for k in 0..<depth {
      let element = Lanes(repeating: left[i * rowStep + k * depthStep])
      sum = sum.addingProduct(element, right.lanes(at: k * rightStep))
    }
    output.row(i).store(sum, at: 0)
    i += 1
  }
}
