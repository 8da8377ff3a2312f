import Foundation

/// Values of `{linspace: [a, b, n]}` and `{logspace: [a, b, n]}`: n of them from a to b, both ends
/// included, in equal steps or in equal ratios, each rounded to 12 significant digits.
///
/// Made by additions, multiplications and divisions alone, so that they, and the keys of their
/// points, are the same on every machine; the C library's functions differ between CPUs.
enum SpacedValues {
  static func linear(from first: Double, to last: Double, count: Int) -> [Double] {
    (0..<count).map { step in
      if step == 0 { return first }
      if step == count - 1 { return last }
      let (left, right) = (Double(count - 1 - step), Double(step))
      return rounded((first * left + last * right) / Double(count - 1))
    }
  }

  /// - Precondition: Both ends are above 0.
  static func logarithmic(from first: Double, to last: Double, count: Int) -> [Double] {
    let ratio = logarithm(last / first)
    return (0..<count).map { step in
      if step == 0 { return first }
      if step == count - 1 { return last }
      return rounded(first * exponential(ratio * (Double(step) / Double(count - 1))))
    }
  }

  /// The nearest number of 12 significant digits.
  static func rounded(_ value: Double) -> Double {
    Double(String(format: "%.11e", value)) ?? value
  }

  /// ln x = e ln 2 + 2 atanh((m − 1)/(m + 1)) with x = m 2ᵉ and m near 1.
  private static func logarithm(_ x: Double) -> Double {
    var (mantissa, exponent) = (x.significand, Double(x.exponent))
    if mantissa > 1.4142135623730951 {
      mantissa /= 2
      exponent += 1
    }
    let ratio = (mantissa - 1) / (mantissa + 1)
    let square = ratio * ratio
    // |ratio| < 0.172, so that the terms left out are below 2⁻⁵⁴ of the sum.
    var sum = 0.0
    for term in stride(from: 23.0, through: 1, by: -2) { sum = sum * square + 1 / term }
    return exponent * 0.6931471805599453 + 2 * ratio * sum
  }

  /// eˣ = 2ᵏ eʳ with |r| ≤ ln 2 / 2.
  private static func exponential(_ x: Double) -> Double {
    let halvings = (x / 0.6931471805599453).rounded()
    // ln 2 in two parts, of which the first has zeros enough for an exact product.
    let rest = (x - halvings * 0.693147180369123816490) - halvings * 1.90821492927058770002e-10
    var sum = 1.0
    for term in stride(from: 18.0, through: 1, by: -1) { sum = 1 + rest / term * sum }
    return Double(sign: .plus, exponent: Int(halvings), significand: sum)
  }
}
