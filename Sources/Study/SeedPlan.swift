import Foundation

/// How many seeds a study needs, judged from a pilot.
package enum SeedPlan {
  /// More seeds than anyone will train are not counted.
  package static let most = 1_000_000

  /// The fewest seeds with which the mean's t interval is `width` wide or less, upper end less
  /// lower, if the standard deviation is `deviation`: 2 t_{n−1} s / √n.
  ///
  /// Nil beyond `most`.
  package static func forMean(width: Double, deviation: Double) -> Int? {
    fewest(from: 2) { n in
      guard let t = StudentT(degreesOfFreedom: Double(n - 1)) else { return false }
      return 2 * t.quantile(0.5 + confidence / 2) * deviation / Double(n).squareRoot() <= width
    }
  }

  /// The fewest seeds with which the standard deviation's interval is `relativeWidth` times the
  /// deviation wide, or less: e^h − e^−h with h = t_{n−1} · sd(p) / √n.
  ///
  /// sd(p), the spread of the jackknife's pseudo-values of ln s, comes from the pilot; below ten runs
  /// it is 1/√2, that of the normal distribution. No fewer than ten: below there is no interval.
  package static func forDeviation(relativeWidth: Double, pilot: Sample) -> Int? {
    var spread = 0.5.squareRoot()
    if pilot.count >= Interval.fewestForDeviation,
      let known = pilot.logDeviationPseudoValues?.standardDeviation
    {
      spread = known
    }
    return fewest(from: Interval.fewestForDeviation) { n in
      guard let t = StudentT(degreesOfFreedom: Double(n - 1)) else { return false }
      let half = t.quantile(0.5 + confidence / 2) * spread / Double(n).squareRoot()
      return exp(half) - exp(-half) <= relativeWidth
    }
  }

  /// The fewest seeds per configuration with which Welch's test finds a difference of means of
  /// `difference` with probability `power`.
  ///
  /// Nil beyond `most`, and where there is no difference to find or nothing varies.
  package static func toTellApart(
    difference: Double, deviations: (Double, Double), power: Double
  ) -> Int? {
    let u = deviations.0 * deviations.0
    let v = deviations.1 * deviations.1
    guard difference != 0, u + v > 0 else { return nil }
    return fewest(from: 2) { n in
      let freedom = Double(n - 1) * (u + v) * (u + v) / (u * u + v * v)
      return self.power(
        effect: abs(difference) / ((u + v) / Double(n)).squareRoot(), degreesOfFreedom: freedom)
        >= power
    }
  }

  /// The fewest shared seeds with which the paired t test finds a mean difference of `difference`
  /// with probability `power`, if differences vary by `deviation`.
  package static func toTellApart(
    pairedDifference difference: Double, deviation: Double, power: Double
  ) -> Int? {
    guard difference != 0, deviation > 0 else { return nil }
    return fewest(from: 2) { n in
      self.power(
        effect: abs(difference) / deviation * Double(n).squareRoot(),
        degreesOfFreedom: Double(n - 1)) >= power
    }
  }

  /// P(|T| > t_{ν}(0.975)) for T noncentral t with ν degrees of freedom and noncentrality `effect`.
  package static func power(effect: Double, degreesOfFreedom: Double) -> Double {
    guard let central = StudentT(degreesOfFreedom: degreesOfFreedom),
      let above = NoncentralT(degreesOfFreedom: degreesOfFreedom, noncentrality: effect),
      let below = NoncentralT(degreesOfFreedom: degreesOfFreedom, noncentrality: -effect)
    else { return 0 }
    let critical = central.quantile(0.5 + confidence / 2)
    return above.upperTail(critical) + below.upperTail(critical)
  }

  /// The smallest n from `first` on that is enough: by doubling, then by halving the bracket.
  private static func fewest(from first: Int, _ isEnough: (Int) -> Bool) -> Int? {
    var (low, high) = (first - 1, first)
    while !isEnough(high) {
      guard high < most else { return nil }
      low = high
      high = min(2 * high, most)
    }
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if isEnough(middle) { high = middle } else { low = middle }
    }
    return high
  }
}
