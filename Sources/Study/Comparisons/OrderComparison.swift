import Foundation

/// How likely a run of the first configuration lies below one of the second: P(X < Y) + ½ P(X = Y).
///
/// Brunner & Munzel (2000): unlike Mann–Whitney it does not assume the equal spread that is in
/// doubt. With ranks R in the pooled sample and r within each side, p = (R̄_y − R̄_x)/(n + m) + ½,
/// S² the variances of R − r, SE = √(n S_x² + m S_y²)/(n m), and Satterthwaite's degrees of freedom.
package struct OrderComparison: Hashable, Sendable {
  package let probability: Double
  /// Made on the logit scale where it would else reach beyond 0 or 1: logit p ± t · SE / (p (1 − p)),
  /// brought back.
  package let interval: Interval?
  /// Two-sided, of the hypothesis that the probability is ½; never below what the ways to share out so
  /// few values allow.
  package let pValue: Double
  /// Whether every run of one side lies below every run of the other.
  package let isSeparated: Bool

  /// Nil where a side has fewer than two values, or where all values are equal.
  package init?(_ first: Sample, _ second: Sample) {
    let (n, m) = (Double(first.count), Double(second.count))
    guard min(first.count, second.count) >= 2 else { return nil }
    let pooled = midranks(first.values + second.values)
    let (left, right) = (Array(pooled[..<first.count]), Array(pooled[first.count...]))
    let own = midranks(first.values)
    let other = midranks(second.values)
    let mean = left.reduce(0, +) / n
    let otherMean = right.reduce(0, +) / m
    let probability = min(1, max(0, (otherMean - mean) / (n + m) + 0.5))
    let u = n * Self.variance(zip(left, own).map { $0 - $1 })
    let v = m * Self.variance(zip(right, other).map { $0 - $1 })
    self.probability = probability
    let oneWay = exp(-Self.logBinomial(n + m, n))
    if probability == 0 || probability == 1 {
      isSeparated = true
      interval = Self.separated(below: probability == 1, pairs: min(n, m))
      // Of all ways to share out n + m values two are as extreme as this one.
      pValue = min(1, 2 * oneWay)
      return
    }
    isSeparated = false
    guard
      let estimate = Estimate(
        value: probability, standardError: (u + v).squareRoot() / (n * m),
        degreesOfFreedom: (u + v) * (u + v) / (u * u / (n - 1) + v * v / (m - 1)))
    else { return nil }
    let plain = estimate.interval()
    interval =
      plain.map { $0.lower >= 0 && $0.upper <= 1 } == true
      ? plain : Self.onLogitScale(estimate)
    // Student's t is an approximation that of few values promises what no ranking can: the two ways in
    // which they are separated are more extreme than this one and its mirror image.
    pValue = max(estimate.pValue(against: 0.5), min(1, 4 * oneWay))
  }

  /// Where the two do not overlap the standard error is zero; the exact interval for as many
  /// disjoint pairs, all in one order (Clopper & Pearson 1934), still holds.
  private static func separated(below: Bool, pairs: Double) -> Interval? {
    let end = pow((1 - confidence) / 2, 1 / pairs)
    return below ? Interval(end, 1) : Interval(0, 1 - end)
  }

  private static func onLogitScale(_ estimate: Estimate) -> Interval? {
    let p = estimate.value
    let logit = Estimate(
      value: log(p / (1 - p)), standardError: estimate.standardError / (p * (1 - p)),
      degreesOfFreedom: estimate.degreesOfFreedom)
    return logit?.interval().flatMap {
      Interval(1 / (1 + exp(-$0.lower)), 1 / (1 + exp(-$0.upper)))
    }
  }

  private static func variance(_ values: [Double]) -> Double {
    let mean = values.reduce(0, +) / Double(values.count)
    return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
  }

  private static func logBinomial(_ n: Double, _ k: Double) -> Double {
    IncompleteBeta.logGamma(n + 1) - IncompleteBeta.logGamma(k + 1)
      - IncompleteBeta.logGamma(n - k + 1)
  }
}
