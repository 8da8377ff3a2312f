/// How far a point lies, in the mean, from a standard normal vector Z of d coordinates.
///
/// |v − Z| is a chi variable of d + 2K degrees of freedom with K Poisson of mean x = |v|²/2, so
///   E|v − Z| = Σₖ P(K = k) · m(d + 2k),   m(ν) = √2 Γ((ν + 1)/2) / Γ(ν/2),
/// which is m(d) · ₁F₁(−½; d/2; −x) term by term, all terms positive. Far out the asymptotic series
/// |v| · Σₛ (−½)ₛ (½ − d/2)ₛ / (s! xˢ) serves. No libm: the same bits on every CPU.
package struct NormalDistance {
  private let dimension: Int
  /// m(d + 2k).
  private let means: [Double]
  /// The largest x that the Poisson sum serves.
  private let largest: Double

  package init(dimension: Int) {
    self.dimension = dimension
    largest = 2_000 + 25 * Double(dimension)
    // Poisson weights below 10⁻¹⁹ of the largest lie more than ten deviations off.
    let count = Int(largest + 12 * Scalar.sqrt(largest)) + 40
    var mean = dimension % 2 == 1 ? Self.oneDegree : Self.twoDegrees
    var degrees = dimension % 2 == 1 ? 1.0 : 2.0
    while Int(degrees) < dimension {
      mean *= (degrees + 1) / degrees
      degrees += 2
    }
    var means: [Double] = []
    means.reserveCapacity(count)
    for _ in 0..<count {
      means.append(mean)
      mean *= (degrees + 1) / degrees
      degrees += 2
    }
    self.means = means
  }

  /// E|v − Z| for |v|² = `squaredNorm`, within 10⁻¹² relative; NaN where that is not finite.
  package func mean(squaredNorm: Double) -> Double {
    guard squaredNorm.isFinite else { return .nan }
    let x = squaredNorm / 2
    guard x <= largest else { return asymptotic(squaredNorm: squaredNorm, x) }
    let mode = Int(x)
    var (weights, sum) = (1.0, means[mode])
    var (weight, k) = (1.0, mode)
    while weight > 1e-19, k + 1 < means.count {
      k += 1
      weight *= x / Double(k)
      weights += weight
      sum += weight * means[k]
    }
    (weight, k) = (1, mode)
    while weight > 1e-19, k > 0 {
      weight *= Double(k) / x
      k -= 1
      weights += weight
      sum += weight * means[k]
    }
    return sum / weights
  }

  /// E|Z − Z′| = √2 m(d) for two independent ones.
  package var betweenTwo: Double { Scalar.sqrt(2) * means[0] }

  private func asymptotic(squaredNorm: Double, _ x: Double) -> Double {
    var (term, sum) = (1.0, 1.0)
    for s in 0..<40 {
      let s = Double(s)
      term *= (s - 0.5) * (s + 0.5 - Double(dimension) / 2) / ((s + 1) * x)
      sum += term
      if abs(term) < 1e-18 { break }
    }
    return Scalar.sqrt(squaredNorm) * sum
  }

  /// m(1) = √(2/π) and m(2) = √(π/2).
  private static let oneDegree = 0.797_884_560_802_865_4
  private static let twoDegrees = 1.253_314_137_315_500_3
}
