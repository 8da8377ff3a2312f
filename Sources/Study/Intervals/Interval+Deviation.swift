import Foundation

extension Interval {
  /// The fewest values a spread is given an interval for (CLAIMS.md).
  package static let fewestForDeviation = 10

  /// The jackknife-t interval of the standard deviation, on its logarithm (Miller 1968).
  ///
  /// With s₋ᵢ the deviation without value i, the pseudo-values are pᵢ = n ln s − (n−1) ln s₋ᵢ, and
  /// the interval is exp(p̄ ± t_{n−1} · sd(p) / √n). It holds its level on losses that are not
  /// normal, where the χ² interval does not; where one run in ten falls into a mode of its own it is
  /// optimistic below n = 50. Nil below ten values and where some s₋ᵢ is zero.
  package static func ofDeviation(_ sample: Sample, confidence: Double = confidence) -> Interval? {
    let n = Double(sample.count)
    guard sample.count >= fewestForDeviation, let mean = sample.mean,
      let deviation = sample.standardDeviation, deviation > 0
    else { return nil }
    let squares = deviation * deviation * (n - 1)
    // Leaving x out lowers the sum of squares by (x − x̄)² n / (n − 1).
    let pseudo = sample.values.map { value in
      let distance = value - mean
      let left = (squares - distance * distance * n / (n - 1)) / (n - 2)
      // Rounding noise is no spread: all the others are equal.
      guard left > 1e-12 * deviation * deviation else { return Double.nan }
      return n * log(deviation) - (n - 1) * 0.5 * log(left)
    }
    guard pseudo.allSatisfy(\.isFinite),
      let logarithm = Interval.ofMean(Sample(pseudo), confidence: confidence)
    else { return nil }
    return Interval(exp(logarithm.lower), exp(logarithm.upper))
  }
}
