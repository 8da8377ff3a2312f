import Foundation

/// The regularised incomplete beta function, of which the tail of Student's t is a special case.
enum IncompleteBeta {
  /// I_x(a, b) = B(x; a, b) / B(a, b), for a, b > 0 and 0 ≤ x ≤ 1.
  ///
  /// By the continued fraction of DLMF 8.17.22, evaluated with Lentz's method in O(√max(a, b))
  /// terms, on whichever side of the mean a / (a + b) it converges fast. `complement` is 1 − x:
  /// given apart, so that neither end loses digits. Relative error below 1e-13 for a, b ≤ 10⁶.
  static func regularised(x: Double, complement y: Double, a: Double, b: Double) -> Double {
    guard x > 0 else { return 0 }
    guard y > 0 else { return 1 }
    let powers = a * logarithm(x, complement: y) + b * logarithm(y, complement: x)
    let front = exp(powers - logBeta(a, b))
    return x < (a + 1) / (a + b + 2)
      ? front * continuedFraction(x, a, b) / a : 1 - front * continuedFraction(y, b, a) / b
  }

  /// ln B(a, b) = ln Γ(a) + ln Γ(b) − ln Γ(a + b).
  static func logBeta(_ a: Double, _ b: Double) -> Double {
    let (large, small) = (max(a, b), min(a, b))
    return logGamma(small) + logGammaRatio(large, plus: small)
  }

  /// n over k, to about twelve digits.
  static func binomial(_ n: Int, _ k: Int) -> Double {
    exp(logGamma(Double(n + 1)) - logGamma(Double(k + 1)) - logGamma(Double(n - k + 1)))
  }

  /// ln Γ(x) for x > 0, by Stirling's series (DLMF 5.11.1) from 10 on.
  static func logGamma(_ x: Double) -> Double {
    var shifted = x
    var product = 1.0
    while shifted < 10 {
      product *= shifted
      shifted += 1
    }
    let leading: Double = (shifted - 0.5) * log(shifted) - shifted + 0.5 * log(2 * Double.pi)
    return leading + stirling(shifted) - log(product)
  }

  /// ln Γ(a) − ln Γ(a + b), without the loss that subtracting them brings where a is large.
  private static func logGammaRatio(_ a: Double, plus b: Double) -> Double {
    var shifted = a
    var correction = 0.0
    while shifted < 10 {
      correction += log1p(b / shifted)
      shifted += 1
    }
    let leading: Double = (shifted - 0.5) * log1p(b / shifted) + b * log(shifted + b) - b
    return correction - leading + stirling(shifted) - stirling(shifted + b)
  }

  /// The tail of Stirling's series, B₂ₖ / (2k(2k−1) x²ᵏ⁻¹); below 1e-15 in error from 10 on.
  private static func stirling(_ x: Double) -> Double {
    let square = 1 / (x * x)
    let coefficients: [Double] = [
      1.0 / 12, -1.0 / 360, 1.0 / 1260, -1.0 / 1680, 1.0 / 1188, -691.0 / 360_360, 1.0 / 156,
    ]
    return coefficients.reversed().reduce(0) { $0 * square + $1 } / x
  }

  private static func logarithm(_ x: Double, complement y: Double) -> Double {
    x < 0.5 ? log(x) : log1p(-y)
  }

  private static func continuedFraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
    let tiny = 1e-300
    func kept(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
    var numerator = 1.0
    var inverse = 1 / kept(1 - (a + b) * x / (a + 1))
    var fraction = inverse
    for term in 1...100_000 {
      let m = Double(term)
      let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      inverse = 1 / kept(1 + even * inverse)
      numerator = kept(1 + even / numerator)
      fraction *= inverse * numerator
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      inverse = 1 / kept(1 + odd * inverse)
      numerator = kept(1 + odd / numerator)
      let step = inverse * numerator
      fraction *= step
      if abs(step - 1) < 1e-16 { break }
    }
    return fraction
  }
}
