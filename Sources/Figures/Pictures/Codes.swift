import Foundation
package import VAE

/// Codes of test images: `labels` [n], `mu` [n, d] and, with sampling, `sigma2` [n, d].
package struct Codes {
  let labels: [UInt8]
  let latentDim: Int
  let mu: [Float]
  let sigma2: [Float]?

  /// Nil where the arrays are not such codes of `latentDim` latents.
  package init?(_ arrays: NamedArrays, latentDim: Int) {
    guard let labels = arrays.bytes("labels", rank: 1), let mu = arrays.floats("mu", rank: 2),
      mu.shape == [labels.shape[0], latentDim], labels.shape[0] > 0,
      mu.values.allSatisfy(\.isFinite)
    else { return nil }
    self.labels = labels.values
    self.latentDim = latentDim
    self.mu = mu.values
    sigma2 = arrays.floats("sigma2", rank: 2).flatMap { $0.shape == mu.shape ? $0.values : nil }
  }

  package var count: Int { labels.count }

  func code(_ image: Int, _ latent: Int) -> Double { Double(mu[image * latentDim + latent]) }

  /// √(σ₁² σ₂²): the geometric mean of the variances of one code; nil without sampling.
  func meanVariance(_ image: Int) -> Double? {
    guard let sigma2 else { return nil }
    let own = (0..<latentDim).map { Double(sigma2[image * latentDim + $0]) }
    return geometricMean(own)
  }

  /// The largest distance of any code from zero along an axis.
  var extent: Double { mu.reduce(0) { $1.isFinite ? max($0, Double(abs($1))) : $0 } }

  /// The middle of each class, latent by latent.
  var centres: [(digit: Int, centre: [Double])] {
    DigitLabels.classes(of: labels).map { digit in
      let own = labels.indices.filter { labels[$0] == UInt8(digit) }
      return (
        digit,
        (0..<latentDim).map { latent in
          own.map { code($0, latent) }.sorted()[own.count / 2]
        }
      )
    }
  }
}

/// The n-th root of the product of n variances.
func geometricMean(_ variances: [Double]) -> Double {
  guard !variances.isEmpty, variances.allSatisfy({ $0 > 0 && $0.isFinite }) else { return 0 }
  let logarithms = variances.reduce(0) { $0 + log($1) }
  return exp(logarithms / Double(variances.count))
}
