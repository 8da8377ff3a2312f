import Compute
import Testing

/// Products that our tiles sum in OpenBLAS's stead.
@Suite(
  "Products in OpenBLAS's order",
  .enabled(if: WideVectors.areAvailable && BLAS.coreName == "Haswell", "needs AVX-512 and haswell"))
struct HaswellOrderTests {
  private enum Form: CaseIterable { case plain, transposedRight, added, transposedLeft }

  /// A matrix whose padding is NaN, as the padding of activations may be.
  private func random(_ rows: Int, _ columns: Int, _ philox: Philox, _ z: Int) -> OwnedMatrix {
    let matrix = OwnedMatrix(rows, columns)
    for i in 0..<rows {
      for j in 0..<matrix.view.stride {
        let word = philox.block(SIMD4(UInt32(i), UInt32(j), UInt32(z), 0))
        // Some tiny, some of either zero.
        let scale: Float = word.y % 7 == 0 ? 1e-30 : word.y % 11 == 0 ? 0 : 1
        matrix.view.row(i)[j] = j < columns ? (Float(word.x >> 8) * 0x1p-24 - 0.5) * scale : .nan
      }
    }
    return matrix
  }

  /// Rows, terms and columns where a product's bits differ from OpenBLAS's, or its padding was touched.
  private func differences(_ form: Form, _ m: Int, _ k: Int, _ n: Int, _ philox: Philox) -> Int {
    let left =
      form == .transposedLeft ? random(k, m, philox, 0) : random(m, k, philox, 0)
    let right =
      form == .plain || form == .transposedLeft
      ? random(k, n, philox, 1) : random(n, k, philox, 1)
    let (ours, theirs) = (random(m, n, philox, 2), random(m, n, philox, 2))
    let products = DenseProducts()
    switch form {
    case .plain:
      products.multiply(left.view, right.view, into: ours.view)
      BLAS.multiply(left.view, right.view, into: theirs.view)
    case .transposedRight, .added:
      products.multiply(
        left.view, transposing: right.view, into: ours.view, adding: form == .added)
      BLAS.multiply(
        left.view, transposing: right.view, into: theirs.view, adding: form == .added)
    case .transposedLeft:
      products.multiply(transposing: left.view, right.view, into: ours.view)
      BLAS.multiply(transposing: left.view, right.view, into: theirs.view)
    }
    return (0..<m).reduce(0) { count, i in
      (0..<ours.view.stride).reduce(count) {
        let same = ours.view.row(i)[$1].bitPattern == theirs.view.row(i)[$1].bitPattern
        return $0 + (same ? 0 : 1)
      }
    }
  }

  @Test("have its bits, whatever the shape")
  func bits() {
    let philox = Philox(key: (7, 13))
    for round in 0..<1_500 {
      let word = philox.block(SIMD4(UInt32(round), 0, 0, 9))
      let wide = round % 10 == 0
      let m = 6 + Int(word.x) % (wide ? 400 : 70)
      let k = 1 + Int(word.y) % (wide ? 1_000 : 70)
      let form = Form.allCases[Int(word.w % 4)]
      // Outputs of one register and of whole tiles have an order of their own, but for some with a
      // transposed right operand.
      let least = form == .added ? 1 : 9
      var n = least + Int(word.z) % (wide ? 1_300 : 250)
      let mayBeWhole = (form == .transposedRight || form == .added) && k % 8 != 0
      if n % 16 == 0, !mayBeWhole { n += 1 }
      let count = differences(form, m, k, n, philox)
      #expect(count == 0, "\(form): \(m) × \(k) × \(n)")
    }
  }

  /// Without this, such products are still right, but slower.
  @Test("are known in the OpenBLAS that they were made for", .enabled(if: BLAS.version == "0.3.21"))
  func known() { #expect(DenseProducts.followOpenBLAS) }
}
