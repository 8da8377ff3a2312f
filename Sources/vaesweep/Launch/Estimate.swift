import VAE

/// How long a point takes, from its multiply-adds alone.
///
/// A guess for planning, never a result.
enum Estimate {
  /// Dense multiply-adds a second that a core with AVX2 gets through in training, about; one with
  /// AVX-512 twice as many.
  private static let rate = 50e9
  /// Images evaluated after each epoch, forward only, with two decodings.
  private static let testCount = 10_000.0

  static func seconds(_ configuration: Configuration, trainCount: Int) -> Double {
    let architecture = configuration.architecture
    let encoder = [Architecture.inputSize] + architecture.hidden
    let heads = configuration.sampling ? 2.0 : 1.0
    var forward = heads * Double(architecture.latentDim * (architecture.hidden.last ?? 1))
    for (left, right) in zip(encoder, encoder.dropFirst()) { forward += 2 * Double(left * right) }
    forward += Double(architecture.latentDim * (architecture.hidden.last ?? 1))
    let images = Double(configuration.limit ?? trainCount)
    return Double(configuration.epochs) * forward * (3 * images + 1.5 * testCount) / rate
  }
}
