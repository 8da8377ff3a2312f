/// The order in which OpenBLAS's `Haswell` kernels sum the elements of a product.
///
/// Our tiles of sixteens follow it for shapes that are cut by it, so that the bits are those of hosts
/// where OpenBLAS itself takes these shapes. Found out from OpenBLAS 0.3.21's sources
/// (`driver/level3/level3.c`, `kernel/x86_64/sgemm_kernel_8x4_haswell_2.c`) and held against it over
/// random shapes; `avx512_multiply_panel_in_haswell_order` has what is within a pass.
enum HaswellOrder {
  /// The most columns, and terms of a sum, that one pass takes.
  private static let longestPass = 320
  /// OpenBLAS takes more rows than some 25,000 in parts; no more than this was tried.
  static let mostRows = 4_096

  /// How much of `rest` columns or terms the next pass takes: two passes share what one can't take.
  static func pass(of rest: Int) -> Int {
    if rest >= 2 * longestPass { return longestPass }
    return rest > longestPass ? (rest / 2).roundedUpToLanes : rest
  }

  /// Whether the OpenBLAS of this process sums in this order, and this CPU can follow it.
  static let isOpenBLASs: Bool = {
    guard WideVectors.areAvailable, BLAS.coreName == "Haswell" else { return false }
    return agrees(rows: 35, depth: 333, columns: 349)
  }()

  /// Whether a product of that shape has OpenBLAS's bits.
  ///
  /// The shape that is asked has every case: rows in twelves, eights, fours and ones, two passes over
  /// columns, of an even and an odd number of blocks and a rest, and two over terms.
  private static func agrees(rows: Int, depth: Int, columns: Int) -> Bool {
    let arena = Arena(
      count: Arena.size(rows: rows, columns: depth) + Arena.size(rows: depth, columns: columns)
        + 2 * Arena.size(rows: rows, columns: columns))
    let left = arena.takeMatrix(rows: rows, columns: depth)
    let right = arena.takeMatrix(rows: depth, columns: columns)
    let theirs = arena.takeMatrix(rows: rows, columns: columns)
    let ours = arena.takeMatrix(rows: rows, columns: columns)
    let philox = Philox(key: (0, 0))
    for (z, matrix) in [left, right].enumerated() {
      for i in 0..<matrix.rows {
        for j in 0..<matrix.columns {
          let word = philox.block(SIMD4(UInt32(i), UInt32(j), UInt32(z), 0)).x
          matrix.row(i)[j] = Float(word >> 8) * 0x1p-24 - 0.5
        }
      }
    }
    BLAS.useSingleThread()
    BLAS.multiply(left, right, into: theirs)
    DenseProducts(order: .haswell).multiply(left, right, into: ours)
    return (0..<rows).allSatisfy { i in
      (0..<columns).allSatisfy { theirs.row(i)[$0].bitPattern == ours.row(i)[$0].bitPattern }
    }
  }
}
