import CAVX512

/// The rows of a left operand over a panel of the right one, and where the sums go.
typealias WideProduct = avx512_product

/// The products in registers of sixteen floats, where CPU and system have AVX-512.
///
/// Every element's sum runs over the same terms in the same order as in the kernels of eight, or as in
/// OpenBLAS's where these would go to it, so that nothing but the rate depends on the CPU. Zen 5 does twice the multiply-adds
/// this way (258 against 131 GFLOP/s): 1.47 times the images of a whole step. In C, since Swift
/// compiles a target for one instruction set, not a function.
@usableFromInline
package enum WideVectors {
  @usableFromInline
  package static let areAvailable: Bool = {
    #if arch(x86_64)
      avx512_is_available()
    #else
      false
    #endif
  }()

  /// Each sum in the order of its terms, begun with what is there where it is added to.
  static func multiply(_ product: WideProduct) {
    #if arch(x86_64)
      withUnsafePointer(to: product) { avx512_multiply_panel($0) }
    #endif
  }

  /// Each sum in OpenBLAS's order: the panel begins at `column` of the `columns` of a chunk.
  static func multiplyInHaswellOrder(
    _ product: WideProduct, column: Int, columns: Int, isFirstChunk: Bool
  ) {
    #if arch(x86_64)
      withUnsafePointer(to: product) {
        avx512_multiply_panel_in_haswell_order($0, column, columns, !isFirstChunk)
      }
    #endif
  }

  /// Sixteen rows of sixteen, transposed.
  static func transpose(
    _ source: UnsafePointer<Float>, step: Int, into target: UnsafeMutablePointer<Float>,
    step targetStep: Int
  ) {
    #if arch(x86_64)
      avx512_transpose(source, step, target, targetStep)
    #endif
  }

  /// sums[·] = start[·] + Σ value[e] · matrix[column[e], first + ·] over `columns` columns, 64 or 128.
  @usableFromInline
  static func addRows(
    _ entries: Range<Int>, _ value: UnsafePointer<Float>, _ column: UnsafePointer<UInt16>,
    _ matrix: Matrix, _ first: Int, start: UnsafePointer<Float>,
    into sums: UnsafeMutablePointer<Float>, columns: Int
  ) {
    #if arch(x86_64)
      avx512_add_rows_16(
        value + entries.lowerBound, column + entries.lowerBound, entries.count,
        matrix.base + first, matrix.stride, start, sums, columns)
    #endif
  }

  /// sums[·] = Σ value[e] · matrix[row[e], first + ·] over `columns` columns, 64 or 128.
  static func addRows(
    _ entries: Range<Int>, _ value: UnsafePointer<Float>, _ row: UnsafePointer<Int32>,
    _ matrix: Matrix, _ first: Int, into sums: UnsafeMutablePointer<Float>, columns: Int
  ) {
    #if arch(x86_64)
      avx512_add_rows_32(
        value + entries.lowerBound, row + entries.lowerBound, entries.count, matrix.base + first,
        matrix.stride, nil, sums, columns)
    #endif
  }

  /// One step of Adam over the first `count` parameters, a multiple of sixteen.
  ///
  /// The caller knows that without a gradient a moment up to `smallMoment` changes nothing of a weight
  /// from `largeWeight` on.
  package static func adam(
    _ theta: UnsafeMutablePointer<Float>, _ g: UnsafePointer<Float>,
    _ m: UnsafeMutablePointer<Float>, _ v: UnsafeMutablePointer<Float>, count: Int, beta1: Float,
    beta2: Float, rate: Float, rootCorrection: Float, epsilon: Float, smallMoment: Float,
    largeWeight: Float
  ) {
    #if arch(x86_64)
      avx512_adam(
        theta, g, m, v, count, beta1, beta2, rate, rootCorrection, epsilon, smallMoment,
        largeWeight)
    #endif
  }

  /// Twelve independent chains of multiply-adds of sixteen floats; nil without them.
  package static func chains(rounds: Int) -> Float? {
    #if arch(x86_64)
      areAvailable ? avx512_chains(rounds) : nil
    #else
      nil
    #endif
  }
}
