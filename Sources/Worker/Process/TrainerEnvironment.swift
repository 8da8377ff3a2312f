/// The environment that fixes a trainer's arithmetic.
///
/// OpenBLAS reads it when it is loaded, so it has to stand before the process starts.
package enum TrainerEnvironment {
  /// The name that leaves the choice of kernels to OpenBLAS.
  package static let native = "native"
  /// The core of a store that was not told otherwise: every x86-64 server since 2013 runs it.
  #if arch(x86_64)
    package static let defaultCore = "haswell"
  #else
    package static let defaultCore = native
  #endif

  /// Cores a worker offers if its CPU can run them.
  package static let knownCores = ["haswell", "zen", "skylakex", native]

  /// `base` with the BLAS core set and one thread per trainer.
  package static func make(
    blasCore: String, base: [String: String]
  ) -> [String: String] {
    var environment = base
    environment["OPENBLAS_CORETYPE"] = blasCore == native ? nil : blasCore
    for name in ["OPENBLAS_NUM_THREADS", "GOTO_NUM_THREADS", "OMP_NUM_THREADS"] {
      environment[name] = "1"
    }
    return environment
  }
}
