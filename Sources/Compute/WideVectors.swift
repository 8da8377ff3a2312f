#if arch(x86_64)
  import CAVX512
#endif

/// The products in registers of sixteen floats, where CPU and system have AVX-512.
///
/// Every element's sum runs over the same terms in the same order as in the kernels of eight, so the
/// bits are the same and nothing but the rate depends on the CPU. Zen 5 does twice the multiply-adds
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

  /// output[i, 0 ..< columns] = Σₖ left(i, k) · panel[k, 0 ..< columns], added to what is there where
  /// `adding`; left(i, k) lies at `left[i · rowStep + k · depthStep]`, `columns` is 16, 32 or 48.
  static func multiplyPanel(
    _ left: UnsafePointer<Float>, rowStep: Int, depthStep: Int, _ panel: UnsafePointer<Float>,
    depth: Int, into output: UnsafeMutablePointer<Float>, stride: Int, rows: Int, columns: Int,
    adding: Bool
  ) {
    #if arch(x86_64)
      avx512_multiply_panel(
        left, rowStep, depthStep, panel, depth, output, stride, rows, columns / 16, adding)
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
