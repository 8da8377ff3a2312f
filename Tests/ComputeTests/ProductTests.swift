import Compute
import Testing

private func wave(_ i: Int, _ j: Int) -> Float { Float((i &* 37 &+ j &* 101) % 64 - 31) / 32 }

struct ProductTests {
  /// Bytes of which three in four are zero, rows padded to whole lanes.
  private func sparseBytes(_ rows: Int, _ width: Int) -> [UInt8] {
    let stride = width.roundedUpToLanes
    return (0..<(rows * stride)).map { index in
      let (i, k) = (index / stride, index % stride)
      return k < width && (i &* 31 &+ k &* 17) % 4 == 0 ? UInt8((i &* 7 &+ k &* 3) % 255 + 1) : 0
    }
  }

  @Test(
    "sparse products equal the dense textbook sums",
    arguments: [(9, 21, 8), (16, 784, 256), (5, 12, 10), (3, 40, 72), (7, 33, 137)])
  func sparse(rows: Int, width: Int, columns: Int) {
    let bytes = sparseBytes(rows, width)
    let stride = width.roundedUpToLanes
    let weights = OwnedMatrix(width, columns, wave)
    let bias = OwnedMatrix(1, columns) { _, j in Float(j % 5) }
    let delta = OwnedMatrix(rows, columns) { i, j in wave(j, i) }
    let output = OwnedMatrix(rows, columns)
    let gradient = OwnedMatrix(width, columns)
    let batch = SparseBatch(maxRows: rows, width: width, maxPerRow: width, withColumns: true)
    bytes.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return }
      batch.fill(from: base, count: rows, stride: stride)
    }
    batch.sortByColumn()
    multiplySparseRows(batch, weights.view, bias: bias.view.base, into: output.view, ReLU.self)
    multiplySparseColumns(batch, delta.view, into: gradient.view)
    let x = { (i: Int, k: Int) in Double(bytes[i * stride + k]) / 255 }
    for j in 0..<columns {
      for i in 0..<rows {
        let sum = (0..<width).reduce(Double(bias.view.base[j])) {
          $0 + x(i, $1) * Double(weights.view.row($1)[j])
        }
        #expect(abs(Double(output.view.row(i)[j]) - max(sum, 0)) < 1e-4)
      }
      for k in 0..<width {
        let sum = (0..<rows).reduce(0.0) { $0 + x($1, k) * Double(delta.view.row($1)[j]) }
        #expect(abs(Double(gradient.view.row(k)[j]) - sum) < 1e-5)
      }
    }
  }

  @Test(
    "dense products equal the textbook sums in all three forms, by OpenBLAS and by tiles",
    arguments: [
      (5, 7, 3), (128, 32, 8), (20, 256, 96), (97, 784, 256), (6, 1_040, 16), (10, 3, 32),
      (128, 256, 784), (128, 4, 8), (31, 8, 4), (9, 600, 8),
    ])
  func dense(m: Int, k: Int, n: Int) {
    let a = OwnedMatrix(m, k, wave)
    let aT = OwnedMatrix(k, m) { i, j in wave(j, i) }
    let b = OwnedMatrix(k, n) { i, j in wave(j, i + 3) }
    let bT = OwnedMatrix(n, k) { i, j in wave(i, j + 3) }
    let outputs = (0..<6).map { _ in OwnedMatrix(m, n) }
    BLAS.multiply(a.view, b.view, into: outputs[0].view)
    BLAS.multiply(a.view, transposing: bT.view, into: outputs[1].view)
    BLAS.multiply(transposing: aT.view, b.view, into: outputs[2].view)
    let products = DenseProducts()
    products.multiply(a.view, b.view, into: outputs[3].view)
    products.multiply(a.view, transposing: bT.view, into: outputs[4].view)
    products.multiply(transposing: aT.view, b.view, into: outputs[5].view)
    let twice = OwnedMatrix(m, n)
    products.multiply(a.view, transposing: bT.view, into: twice.view)
    products.multiply(a.view, transposing: bT.view, into: twice.view, adding: true)
    let bound = 1e-5 * Double(k).squareRoot()
    for i in 0..<m {
      for j in 0..<n {
        var sum = 0.0
        for p in 0..<k { sum += Double(a.view.row(i)[p]) * Double(b.view.row(p)[j]) }
        let worst = outputs.map { abs(Double($0.view.row(i)[j]) - sum) }.max() ?? .infinity
        #expect(worst < bound)
        #expect(abs(Double(twice.view.row(i)[j]) - 2 * sum) < 2 * bound)
      }
    }
  }

  @Test(
    "registers of sixteen floats give the bits of registers of eight",
    arguments: [
      (128, 256, 784), (97, 784, 256), (6, 1_040, 16), (20, 256, 96), (31, 65, 112), (9, 40, 208),
    ])
  func wide(m: Int, k: Int, n: Int) {
    let a = OwnedMatrix(m, k) { i, j in wave(i, j) / 3 }
    let aT = OwnedMatrix(k, m) { i, j in wave(j, i) / 3 }
    let b = OwnedMatrix(k, n) { i, j in wave(j, i + 3) / 7 }
    let bT = OwnedMatrix(n, k) { i, j in wave(i, j + 3) / 7 }
    let bytes = sparseBytes(m, k)
    let batch = SparseBatch(maxRows: m, width: k, maxPerRow: k, withColumns: true)
    bytes.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return }
      batch.fill(from: base, count: m, stride: k.roundedUpToLanes)
    }
    batch.sortByColumn()
    func outputs(wide: Bool) -> [OwnedMatrix] {
      let products = DenseProducts(wide: wide)
      let outputs = (0..<4).map { _ in OwnedMatrix(m, n) } + [OwnedMatrix(k, n)]
      products.multiply(a.view, b.view, into: outputs[0].view)
      products.multiply(a.view, transposing: bT.view, into: outputs[1].view)
      products.multiply(a.view, transposing: bT.view, into: outputs[1].view, adding: true)
      products.multiply(transposing: aT.view, b.view, into: outputs[2].view)
      multiplySparseRows(
        batch, b.view, bias: b.view.base, into: outputs[3].view, ReLU.self, wide: wide)
      multiplySparseColumns(batch, outputs[0].view, into: outputs[4].view, wide: wide)
      return outputs
    }
    for (narrow, wide) in zip(outputs(wide: false), outputs(wide: WideVectors.areAvailable)) {
      let rows = narrow.view.rows
      let equal = (0..<rows).allSatisfy { i in
        (0..<n).allSatisfy { narrow.view.row(i)[$0].bitPattern == wide.view.row(i)[$0].bitPattern }
      }
      #expect(equal)
    }
  }

  @Test("a factor of −0 keeps its sign in registers of both widths", arguments: [false, true])
  func negativeZero(wide: Bool) {
    let (m, k, n) = (9, 40, 64)
    let left = OwnedMatrix(m, k) { _, _ in -0.0 }
    let right = OwnedMatrix(n, k) { i, j in Float(i + j + 1) }
    let output = OwnedMatrix(m, n) { _, _ in -0.0 }
    DenseProducts(wide: wide && WideVectors.areAvailable)
      .multiply(left.view, transposing: right.view, into: output.view, adding: true)
    let signs = (0..<m).flatMap { i in (0..<n).map { output.view.row(i)[$0].sign } }
    #expect(signs.allSatisfy { $0 == .minus })
  }
}
