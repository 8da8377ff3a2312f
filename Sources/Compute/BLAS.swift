import COpenBLAS

/// Dense products of single-precision matrices by OpenBLAS, one thread.
///
/// The kernels, and so the last bits, follow the core type that OpenBLAS chose when it was loaded
/// (`OPENBLAS_CORETYPE` pins it); `NumericFingerprint` tells two apart.
package enum BLAS {
  /// The kernel family in use as OpenBLAS spells it, such as `Haswell`.
  package static var coreName: String {
    guard let name = openblas_get_corename() else { return "unknown" }
    return String(cString: name)
  }

  /// The version of OpenBLAS, such as `0.3.21`.
  package static var version: String {
    guard let text = openblas_get_config() else { return "unknown" }
    // "OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH …"
    let words = String(cString: text).split(separator: " ")
    return words.count > 1 ? String(words[1]) : "unknown"
  }

  /// Keeps every product on the calling thread; to be said before the first product.
  package static func useSingleThread() { openblas_set_num_threads(1) }

  /// output[m,n] = left[m,k] · right[k,n].
  package static func multiply(_ left: Matrix, _ right: Matrix, into output: Matrix) {
    gemm(
      left, CblasNoTrans, right, CblasNoTrans, output, m: left.rows, n: right.columns,
      k: left.columns)
  }

  /// output[m,n] = left[m,k] · right[n,k]ᵀ, added to what is there where `adding`: the gradient of
  /// a layer's input.
  package static func multiply(
    _ left: Matrix, transposing right: Matrix, into output: Matrix, adding: Bool = false
  ) {
    gemm(
      left, CblasNoTrans, right, CblasTrans, output, m: left.rows, n: right.rows, k: left.columns,
      beta: adding ? 1 : 0)
  }

  /// output[m,n] = left[k,m]ᵀ · right[k,n]: the gradient of a layer's weights.
  package static func multiply(transposing left: Matrix, _ right: Matrix, into output: Matrix) {
    gemm(
      left, CblasTrans, right, CblasNoTrans, output, m: left.columns, n: right.columns,
      k: left.rows)
  }

  private static func gemm(
    _ left: Matrix, _ leftForm: CBLAS_TRANSPOSE, _ right: Matrix, _ rightForm: CBLAS_TRANSPOSE,
    _ output: Matrix, m: Int, n: Int, k: Int, beta: Float = 0
  ) {
    cblas_sgemm(
      CblasRowMajor, leftForm, rightForm, Int32(m), Int32(n), Int32(k), 1, left.base,
      Int32(left.stride), right.base, Int32(right.stride), beta, output.base, Int32(output.stride))
  }
}
