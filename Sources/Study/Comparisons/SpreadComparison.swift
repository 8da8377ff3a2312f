import Foundation

/// Whether runs of one configuration vary more than those of another.
package struct SpreadComparison: Hashable, Sendable {
  /// Below this many runs on either side the test misses what is there.
  package static let fewest = 20

  /// The first standard deviation over the second.
  package let ratio: Double
  /// The logarithm of the ratio by the jackknife; nil below ten runs on a side.
  package let logarithm: Estimate?
  /// Of the ratio: jackknife-t on its logarithm; nil below ten runs on a side.
  package var interval: Interval? {
    logarithm?.interval().flatMap { Interval(exp($0.lower), exp($0.upper)) }
  }
  /// Two-sided, the larger of the two below: under a rare mode the first has no level, since one run
  /// moves the mean that all are centred on.
  package var pValue: Double { max(meanCentred, medianCentred) }
  /// Two-sided, by permutation of the values, each less its side's mean.
  package let meanCentred: Double
  /// The same permutations of values less their side's median.
  package let medianCentred: Double
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
    (meanCentred, medianCentred) = Self.permutation(first, second, resampling)
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

  /// The hypothesis that the ratio is a bound: what its tests found, of which the largest p counts.
  package struct BoundTest: Hashable, Sendable {
    package let bound: Double
    /// As `SpreadComparison` has them, of the second side's values times the bound.
    package let meanCentred: Double
    package let medianCentred: Double
    /// Of the jackknife; nil where the bound is 1, and below ten runs on a side.
    package let jackknife: Double?

    /// Two-sided.
    package var pValue: Double { max(meanCentred, medianCentred, jackknife ?? 0) }
  }

  /// Nil of a bound that no ratio is as small as.
  package func test(
    against bound: Double, of first: Sample, _ second: Sample, resampling: Resampling
  ) -> BoundTest? {
    guard bound > 0 else { return nil }
    guard bound != 1 else {
      return BoundTest(
        bound: 1, meanCentred: meanCentred, medianCentred: medianCentred, jackknife: nil)
    }
    let scaled = Sample(second.values.map { $0 * bound })
    let own = Self.permutation(first, scaled, resampling)
    return BoundTest(
      bound: bound, meanCentred: own.mean, medianCentred: own.median,
      jackknife: logarithm?.pValue(against: log(bound)))
  }

  /// Permutes the values, each less its own side's mean, or median, and asks how often |ln(s₁²/s₂²)|
  /// is as large as it is.
  private static func permutation(
    _ first: Sample, _ second: Sample, _ resampling: Resampling
  ) -> (mean: Double, median: Double) {
    func centred(_ sample: Sample) -> [SIMD2<Double>] {
      let centres = SIMD2(sample.mean ?? 0, sample.median ?? 0)
      return sample.values.map { SIMD2(repeating: $0) - centres }
    }
    let pooled = centred(first) + centred(second)
    let (n, m) = (Double(first.count), Double(second.count))
    let total = pooled.reduce(.zero, +)
    let totalSquares = pooled.reduce(.zero) { $0 + $1 * $1 }
    func ratio(_ sum: Double, _ squares: Double, _ place: Int) -> Double {
      let rest = total[place] - sum
      let left = max(0, squares - sum * sum / n) / (n - 1)
      let right = max(0, totalSquares[place] - squares - rest * rest / m) / (m - 1)
      return left / right
    }
    let own = pooled.prefix(first.count)
    let sum = own.reduce(.zero, +)
    let squares = own.reduce(.zero) { $0 + $1 * $1 }
    // Equal splits may differ in the last bits.
    let bounds = (0...1).map { ExtremeRatio(ratio(sum[$0], squares[$0], $0), slack: 1e-9) }
    let (mean, median) = (bounds[0], bounds[1])
    var extreme = (mean: 0, median: 0)
    resampling.forEachSplit(of: pooled, size: first.count) { sum, squares in
      if mean.isReached(ratio(sum[0], squares[0], 0)) { extreme.mean += 1 }
      if median.isReached(ratio(sum[1], squares[1], 1)) { extreme.median += 1 }
    }
    return (
      resampling.pValue(extreme: extreme.mean), resampling.pValue(extreme: extreme.median)
    )
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

/// Whether |ln r| of a ratio is as large as an observed one, of which a slack is taken off.
///
/// A logarithm takes longer than the sums before it, and nearly every ratio is clear of both bounds.
private struct ExtremeRatio {
  private let least: Double
  private let inner: ClosedRange<Double>?
  private let outer: ClosedRange<Double>?

  init(_ observed: Double, slack: Double) {
    least = abs(log(observed)) - slack
    let bound = exp(least)
    // Far wider than what exp and log may be off by.
    let guardBand = 1e-12
    let isPlain = least > 1e-9 && bound.isFinite
    inner = isPlain ? (1 / bound * (1 + guardBand))...(bound * (1 - guardBand)) : nil
    outer = isPlain ? (1 / bound * (1 - guardBand))...(bound * (1 + guardBand)) : nil
  }

  func isReached(_ ratio: Double) -> Bool {
    if let inner, let outer {
      if inner.contains(ratio) { return false }
      if ratio < outer.lowerBound || ratio > outer.upperBound { return true }
    }
    return abs(log(ratio)) >= least
  }
}
