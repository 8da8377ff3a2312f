/// An estimate with its standard error, judged by Student's t.
package struct Estimate: Hashable, Sendable {
  package let value: Double
  package let standardError: Double
  private let distribution: StudentT

  /// Nil unless the error and the degrees of freedom are positive and finite: where nothing varies,
  /// nothing can be inferred.
  package init?(value: Double, standardError: Double, degreesOfFreedom: Double) {
    guard value.isFinite, standardError > 0, standardError.isFinite,
      let distribution = StudentT(degreesOfFreedom: degreesOfFreedom)
    else { return nil }
    self.value = value
    self.standardError = standardError
    self.distribution = distribution
  }

  package var degreesOfFreedom: Double { distribution.degreesOfFreedom }

  /// value ± t · standard error.
  package func interval(confidence: Double = confidence) -> Interval? {
    let half = distribution.quantile(0.5 + confidence / 2) * standardError
    return Interval(value - half, value + half)
  }

  /// Two-sided, of the hypothesis that the truth is `hypothesis`.
  package func pValue(against hypothesis: Double = 0) -> Double {
    2 * distribution.upperTail(abs(value - hypothesis) / standardError)
  }
}

extension Estimate {
  /// The difference of two means, first minus second, without assuming equal spreads (Welch 1947).
  ///
  /// SE² = s₁²/n₁ + s₂²/n₂ with Satterthwaite's degrees of freedom. Nil below two values on a side
  /// and where neither side varies.
  package static func welch(_ first: Sample, _ second: Sample) -> Estimate? {
    guard let firstMean = first.mean, let secondMean = second.mean,
      let firstDeviation = first.standardDeviation, let secondDeviation = second.standardDeviation
    else { return nil }
    let (n, m) = (Double(first.count), Double(second.count))
    let (u, v) = (firstDeviation * firstDeviation / n, secondDeviation * secondDeviation / m)
    return Estimate(
      value: firstMean - secondMean, standardError: (u + v).squareRoot(),
      degreesOfFreedom: (u + v) * (u + v) / (u * u / (n - 1) + v * v / (m - 1)))
  }

  /// The mean of paired differences; nil below two pairs and where the differences are all equal.
  package static func paired(_ differences: Sample) -> Estimate? {
    guard let mean = differences.mean, let deviation = differences.standardDeviation
    else { return nil }
    let n = Double(differences.count)
    return Estimate(
      value: mean, standardError: deviation / n.squareRoot(), degreesOfFreedom: n - 1)
  }
}
