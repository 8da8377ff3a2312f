import Foundation

/// Student's t distribution; the degrees of freedom need not be whole.
package struct StudentT: Hashable, Sendable {
  package let degreesOfFreedom: Double

  /// Nil unless `degreesOfFreedom` is positive and finite.
  package init?(degreesOfFreedom: Double) {
    guard degreesOfFreedom > 0, degreesOfFreedom.isFinite else { return nil }
    self.degreesOfFreedom = degreesOfFreedom
  }

  /// P(T > t) = ½ I_{ν/(ν+t²)}(ν/2, ½) for t ≥ 0 (Abramowitz & Stegun 26.7.1).
  package func upperTail(_ t: Double) -> Double {
    guard t >= 0 else { return 1 - upperTail(-t) }
    let sum = degreesOfFreedom + t * t
    guard sum.isFinite else { return 0 }
    return IncompleteBeta.regularised(
      x: degreesOfFreedom / sum, complement: t * t / sum, a: degreesOfFreedom / 2, b: 0.5) / 2
  }

  /// The t with P(T ≤ t) = `probability`, for a probability between 0 and 1; infinite at the ends.
  ///
  /// Newton's steps on ln P(T > t), from the normal quantile, kept inside a shrinking bracket.
  package func quantile(_ probability: Double) -> Double {
    guard probability > 0 else { return -.infinity }
    guard probability < 1 else { return .infinity }
    if probability == 0.5 { return 0 }
    let tail = min(probability, 1 - probability)
    let positive = upperQuantile(tail)
    return probability < 0.5 ? -positive : positive
  }

  private func upperQuantile(_ tail: Double) -> Double {
    var low = 0.0
    var high = 1.0
    while upperTail(high) > tail, high < 1e300 {
      low = high
      high *= 2
    }
    var t = min(max(StandardNormal.quantile(1 - tail), low), high)
    for _ in 0..<200 {
      let value = upperTail(t)
      if value > tail { low = t } else { high = t }
      let newton = t + log(value / tail) * value / density(t)
      let next = newton > low && newton < high ? newton : (low + high) / 2
      if abs(next - t) <= 2e-16 * abs(next) { return next }
      t = next
    }
    return t
  }

  private func density(_ t: Double) -> Double {
    let half = (degreesOfFreedom + 1) / 2
    return exp(
      -half * log1p(t * t / degreesOfFreedom) - 0.5 * log(degreesOfFreedom)
        - IncompleteBeta.logBeta(degreesOfFreedom / 2, 0.5))
  }
}
