import Foundation

extension Interval {
  /// The interval of the median between two order statistics, exact for any distribution.
  ///
  /// From the k-th smallest to the k-th largest value, with the largest k for which
  /// 2 P(B < k) ≤ 1 − confidence, B binomial of n and ½: it holds the median at least as often as it
  /// says. Nil below six values at 95 %, where even the whole range does not.
  package static func ofMedian(_ sample: Sample, confidence: Double = confidence) -> Interval? {
    let n = sample.count
    var rank = 0
    while 2 * SignTest.tail(rank, of: n) <= 1 - confidence + 1e-12, 2 * rank < n { rank += 1 }
    guard rank >= 1 else { return nil }
    return Interval(sample.values[rank - 1], sample.values[n - rank])
  }
}

/// The sign test of a median (Arbuthnott 1710): it needs nothing of the distribution.
package enum SignTest {
  /// Two-sided p of the hypothesis that the median is `bound`; values equal to it are left out.
  package static func pValue(_ sample: Sample, against bound: Double) -> Double {
    let below = sample.values.count { $0 < bound }
    let above = sample.values.count { $0 > bound }
    return Share(count: below, of: below + above).exactPValue(against: 0.5)
  }

  /// P(B ≤ count) for B binomial of n and ½.
  static func tail(_ count: Int, of n: Int) -> Double {
    var sum = 0.0
    for k in stride(from: 0, through: count, by: 1) {
      sum += IncompleteBeta.binomial(n, k) * pow(0.5, Double(n))
    }
    return min(1, sum)
  }
}
