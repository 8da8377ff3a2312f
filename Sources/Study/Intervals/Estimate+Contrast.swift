extension Estimate {
  /// The mean of a sample; nil below two values and where they are all equal.
  package static func mean(of sample: Sample) -> Estimate? { paired(sample) }

  /// (x̄₁ − x̄₂) − (x̄₃ − x̄₄) of four independent samples, without assuming equal spreads.
  ///
  /// SE² = Σ sᵢ²/nᵢ with Satterthwaite's degrees of freedom, (Σ vᵢ)² / Σ vᵢ²/(nᵢ − 1) for
  /// vᵢ = sᵢ²/nᵢ: Welch's interval of a contrast (Welch 1951). Nil unless there are four samples of
  /// two values or more.
  package static func contrast(_ samples: [Sample]) -> Estimate? {
    guard samples.count == 4 else { return nil }
    var (value, sum, squares) = (0.0, 0.0, 0.0)
    for (sample, weight) in zip(samples, [1.0, -1, -1, 1]) {
      guard let mean = sample.mean, let deviation = sample.standardDeviation else { return nil }
      let n = Double(sample.count)
      let part = deviation * deviation / n
      value += weight * mean
      sum += part
      squares += part * part / (n - 1)
    }
    return Estimate(
      value: value, standardError: sum.squareRoot(), degreesOfFreedom: sum * sum / squares)
  }
}
