import Foundation

extension Interval {
  /// The fewest values a spread is given an interval for: below, it would cover far too little.
  package static let fewestForDeviation = 10
  /// Below this many values the interval of a spread is optimistic where modes differ.
  package static let fewestForModes = 40

  /// The jackknife-t interval of the standard deviation, on its logarithm (Miller 1968).
  ///
  /// exp(p̄ ± t_{n−1} · sd(p) / √n) over the pseudo-values p. It holds its level on losses that are
  /// not normal, where the χ² interval does not; where one run in ten falls into a mode of its own it
  /// is optimistic below n = 50. Nil below ten values and where some s₋ᵢ is zero.
  package static func ofDeviation(_ sample: Sample, confidence: Double = confidence) -> Interval? {
    guard sample.count >= fewestForDeviation, let pseudo = sample.logDeviationPseudoValues,
      let logarithm = Interval.ofMean(pseudo, confidence: confidence)
    else { return nil }
    return Interval(exp(logarithm.lower), exp(logarithm.upper))
  }
}
