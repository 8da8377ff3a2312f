import Foundation

/// Fisher's distribution of a ratio of two mean squares.
package struct FisherF: Hashable, Sendable {
  package let numerator: Double
  package let denominator: Double

  /// Nil unless both degrees of freedom are positive and finite.
  package init?(numerator: Double, denominator: Double) {
    guard numerator > 0, denominator > 0, numerator.isFinite, denominator.isFinite
    else { return nil }
    self.numerator = numerator
    self.denominator = denominator
  }

  /// P(F ≤ x) = I_{d₁x/(d₁x + d₂)}(d₁/2, d₂/2).
  package func cumulative(_ x: Double) -> Double {
    guard x > 0 else { return 0 }
    let whole = numerator * x + denominator
    return IncompleteBeta.regularised(
      x: numerator * x / whole, complement: denominator / whole, a: numerator / 2,
      b: denominator / 2)
  }

  /// The x with P(F ≤ x) = `probability`, between 0 and 1: by halving a bracket of its logarithm.
  package func quantile(_ probability: Double) -> Double {
    var (low, high) = (-50.0, 50.0)
    for _ in 0..<100 {
      let middle = (low + high) / 2
      if cumulative(exp(middle)) < probability { low = middle } else { high = middle }
    }
    return exp((low + high) / 2)
  }
}
