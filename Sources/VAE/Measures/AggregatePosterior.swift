import Compute

/// The mixture of the posteriors q(z|x) of many images, as one density over the codes.
final class AggregatePosterior {
  private let latentDim: Int
  private var count = 0
  /// Latent by latent, images along a row: μ, 1/σ² and the draws; then −Σ_j log σ_j of every image.
  private let mu: Matrix
  private let inverseVariance: Matrix
  private let z: Matrix
  private let logScale: Matrix
  private let exponents: Matrix
  private let arena: Arena

  /// Images between two questions whether to go on.
  private static let imagesPerQuestion = 64

  init(capacity: Int, latentDim: Int) {
    self.latentDim = latentDim
    let size = Arena.size(rows: latentDim, columns: capacity)
    arena = Arena(count: 3 * size + 2 * Arena.size(rows: 1, columns: capacity))
    mu = arena.takeMatrix(rows: latentDim, columns: capacity)
    inverseVariance = arena.takeMatrix(rows: latentDim, columns: capacity)
    z = arena.takeMatrix(rows: latentDim, columns: capacity)
    logScale = arena.takeMatrix(rows: 1, columns: capacity)
    exponents = arena.takeMatrix(rows: 1, columns: capacity)
  }

  /// Adds the posteriors of a batch with the codes that were drawn from them.
  func append(_ latents: LatentBatch) {
    for i in 0..<latents.mu.rows {
      var logScale = 0.0
      for first in stride(from: 0, to: latentDim, by: 8) {
        let logVar = latents.logVar.row(i).lanes(at: first)
        let inverse = VectorMath.exp(-logVar)
        for lane in 0..<min(8, latentDim - first) {
          let j = first + lane
          mu.row(j)[count] = latents.mu.row(i)[j]
          inverseVariance.row(j)[count] = inverse[lane]
          z.row(j)[count] = latents.z.row(i)[j]
          logScale -= 0.5 * Double(logVar[lane])
        }
      }
      self.logScale.row(0)[count] = Float(logScale)
      count += 1
    }
  }

  /// KL(q(z) ‖ p) = mean over the draws of log q(z) − log p(z), in nats; nil when stopped.
  func divergence(_ goOn: () -> Bool) -> Double? {
    var sum = 0.0
    for i in 0..<count {
      guard i % Self.imagesPerQuestion != 0 || goOn() else { return nil }
      var square = 0.0
      for j in 0..<latentDim { square += Double(z.row(j)[i]) * Double(z.row(j)[i]) }
      // The (2π)^(−d/2) of both densities cancel.
      sum += logDensity(ofDraw: i) + 0.5 * square
    }
    return sum / Double(count)
  }

  /// log 1/n Σ_k exp(−½ Σ_j (z_j − μ_kj)² / σ_kj² − Σ_j log σ_kj).
  private func logDensity(ofDraw i: Int) -> Double {
    let exponents = exponents.row(0)
    var largest = Lanes(repeating: -.infinity)
    for first in stride(from: 0, to: count, by: 8) {
      var exponent = logScale.row(0).lanes(at: first)
      for j in 0..<latentDim {
        let difference = z.row(j)[i] - mu.row(j).lanes(at: first)
        exponent.addProduct(
          -0.5 * difference * difference, inverseVariance.row(j).lanes(at: first))
      }
      // Lanes behind the last image are no images.
      for lane in 0..<8 where first + lane >= count { exponent[lane] = -.infinity }
      exponents.store(exponent, at: first)
      largest = largest.replacing(with: exponent, where: exponent .> largest)
    }
    let top = largest.max()
    guard top.isFinite else { return Double(top) }
    var sum = 0.0
    for first in stride(from: 0, to: count, by: 8) {
      sum += VectorMath.exp(exponents.lanes(at: first) - top).doubleSum
    }
    return Double(top) + Scalar.log(sum / Double(count))
  }
}
