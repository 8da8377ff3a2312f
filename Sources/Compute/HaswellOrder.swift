/// The order in which OpenBLAS's `Haswell` kernels sum the elements of a product.
///
/// Our tiles of sixteens follow it for shapes that are no whole tiles of ours, so that the bits are those
/// of hosts where OpenBLAS itself takes these shapes. Found out from OpenBLAS 0.3.21's sources
/// (`driver/level3/level3.c`, `kernel/x86_64/sgemm_kernel_8x4_haswell_2.c`) and held against it over
/// random shapes; `avx512_multiply_panel_in_haswell_order` has what is within a chunk.
enum HaswellOrder {
  /// The most columns, and terms of a sum, that OpenBLAS takes at once.
  private static let longestChunk = 320
  /// OpenBLAS 0.3.21 cuts more than 104,000 rows into parts; up to this many were compared.
  static let mostRows = 4_096

  /// How much of `rest` columns or terms the next chunk takes: two share what one can't take.
  static func chunk(of rest: Int) -> Int {
    if rest >= 2 * longestChunk { return longestChunk }
    return rest > longestChunk ? (rest / 2).roundedUpToLanes : rest
  }

  /// Whether the OpenBLAS of this process sums in this order, and this CPU can follow it.
  ///
  /// Asking keeps OpenBLAS to one thread, as every user of products does. The shapes reach every case:
  /// rows in twelves, eights, fours and ones; chunks of columns and of terms that no other longest chunk
  /// gives; an even and an odd number of blocks, one block, and rests of them; and adding.
  static let matchesOpenBLAS: Bool = {
    guard WideVectors.areAvailable, BLAS.coreName == "Haswell" else { return false }
    BLAS.useSingleThread()
    return agrees(rows: 35, depth: 961, columns: 45) && agrees(rows: 35, depth: 9, columns: 961)
      && agrees(rows: 31, depth: 17, columns: 29) && agrees(rows: 31, depth: 17, columns: 13)
  }()

  /// Whether a product of that shape, added to its own start, has OpenBLAS's bits.
  private static func agrees(rows: Int, depth: Int, columns: Int) -> Bool {
    let arena = Arena(
      count: Arena.size(rows: rows, columns: depth) + Arena.size(rows: columns, columns: depth)
        + 2 * Arena.size(rows: rows, columns: columns))
    let left = arena.takeMatrix(rows: rows, columns: depth)
    let right = arena.takeMatrix(rows: columns, columns: depth)
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
    let products = DenseProducts(wide: true, followingOpenBLAS: true)
    for adding in [false, true] {
      BLAS.multiply(left, transposing: right, into: theirs, adding: adding)
      products.multiply(left, transposing: right, into: ours, adding: adding)
    }
    return (0..<rows).allSatisfy { i in
      (0..<columns).allSatisfy { theirs.row(i)[$0].bitPattern == ours.row(i)[$0].bitPattern }
    }
  }
}
