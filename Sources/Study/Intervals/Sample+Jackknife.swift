import Foundation

extension Sample {
  /// The pseudo-values of the logarithm of the standard deviation (Miller 1968).
  ///
  /// With s₋ᵢ the deviation without value i, pᵢ = n ln s − (n−1) ln s₋ᵢ. Their mean estimates ln σ,
  /// and their spread over √n is its standard error, also where the values are not normal. Nil below
  /// three values and where some s₋ᵢ is zero.
  var logDeviationPseudoValues: Sample? {
    guard count >= 3, let mean, let deviation = standardDeviation, deviation > 0 else { return nil }
    let n = Double(count)
    let squares = deviation * deviation * (n - 1)
    // Leaving x out lowers the sum of squares by (x − x̄)² n / (n − 1).
    let pseudo = values.map { value in
      let distance = value - mean
      let left = (squares - distance * distance * n / (n - 1)) / (n - 2)
      // Rounding noise is no spread: all the others are equal.
      guard left > 1e-12 * deviation * deviation else { return Double.nan }
      return n * log(deviation) - (n - 1) * 0.5 * log(left)
    }
    return pseudo.allSatisfy(\.isFinite) ? Sample(pseudo) : nil
  }
}
