import Foundation

/// Whether runs of one configuration vary more than those of another.
package struct SpreadComparison: Hashable, Sendable {
  /// Below this many runs on either side the test misses what is there (CLAIMS.md).
  package static let fewest = 20

  /// The first standard deviation over the second.
  package let ratio: Double
  /// The logarithm of the ratio by the jackknife; nil below ten runs on a side.
  package let logarithm: Estimate?
  /// Of the ratio: jackknife-t on its logarithm; nil below ten runs on a side.
  package var interval: Interval? {
    logarithm?.interval().flatMap { Interval(exp($0.lower), exp($0.upper)) }
  }
  /// Two-sided, by permutation of the mean-centred values.
  package let pValue: Double
  /// Two-sided p of Brown & Forsythe's test, the usual one, which finds less.
  package let brownForsythe: Double?
  /// Fewer than twenty runs on a side.
  package let isTooSmall: Bool

  /// Nil where a side has fewer than two values or does not vary.
  package init?(_ first: Sample, _ second: Sample, resampling: Resampling = .standard) {
    guard let deviation = first.standardDeviation, let other = second.standardDeviation,
      deviation > 0, other > 0
    else { return nil }
    ratio = deviation / other
    logarithm = Self.logarithm(first, second)
    pValue = Self.permutation(first, second, resampling, centre: \.mean)
    brownForsythe = Self.brownForsythe(first, second)
    isTooSmall = min(first.count, second.count) < Self.fewest
  }

  /// Miller's two-sample jackknife: Welch's estimate between the pseudo-values of ln s.
  private static func logarithm(_ first: Sample, _ second: Sample) -> Estimate? {
    guard min(first.count, second.count) >= Interval.fewestForDeviation,
      let left = first.logDeviationPseudoValues, let right = second.logDeviationPseudoValues
    else { return nil }
    return .welch(left, right)
  }

  /// Permutes the values, each less its own side's centre, and asks how often |ln(s₁²/s₂²)| is as
  /// large as it is.
  static func permutation(
    _ first: Sample, _ second: Sample, _ resampling: Resampling,
    centre: (Sample) -> Double?
  ) -> Double {
    func centred(_ sample: Sample) -> [Double] {
      let centre = centre(sample) ?? 0
      return sample.values.map { $0 - centre }
    }
    let pooled = centred(first) + centred(second)
    let (n, m) = (Double(first.count), Double(second.count))
    let total = pooled.reduce(0, +)
    let totalSquares = pooled.reduce(0) { $0 + $1 * $1 }
    func distance(_ sum: Double, _ squares: Double) -> Double {
      let rest = total - sum
      let left = max(0, squares - sum * sum / n) / (n - 1)
      let right = max(0, totalSquares - squares - rest * rest / m) / (m - 1)
      return abs(log(left / right))
    }
    let own = pooled.prefix(first.count)
    let observed = distance(own.reduce(0, +), own.reduce(0) { $0 + $1 * $1 })
    var extreme = 0
    resampling.forEachSplit(of: pooled, size: first.count) { sum, squares in
      // Equal splits may differ in the last bits.
      if distance(sum, squares) >= observed - 1e-9 { extreme += 1 }
    }
    return resampling.pValue(extreme: extreme)
  }

  /// The two-sample t test, with pooled variance, of the distances from the medians (Brown &
  /// Forsythe 1974): Levene's test about the median, whose F is t² for two groups.
  private static func brownForsythe(_ first: Sample, _ second: Sample) -> Double? {
    let left = Sample(first.values.map { abs($0 - (first.median ?? 0)) })
    let right = Sample(second.values.map { abs($0 - (second.median ?? 0)) })
    guard let mean = left.mean, let other = right.mean, let deviation = left.standardDeviation,
      let otherDeviation = right.standardDeviation
    else { return nil }
    let (n, m) = (Double(left.count), Double(right.count))
    let squares = (n - 1) * deviation * deviation + (m - 1) * otherDeviation * otherDeviation
    let error = (squares / (n + m - 2) * (1 / n + 1 / m)).squareRoot()
    return Estimate(value: mean - other, standardError: error, degreesOfFreedom: n + m - 2)?
      .pValue()
  }
}
