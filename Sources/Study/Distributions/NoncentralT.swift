import Foundation

/// Noncentral t: (Z + δ) / √(χ²_ν / ν), the distribution of a t statistic where there is an effect.
struct NoncentralT {
  private let central: StudentT
  private let noncentrality: Double

  /// Nil unless the degrees of freedom are positive and the noncentrality finite.
  init?(degreesOfFreedom: Double, noncentrality: Double) {
    guard let central = StudentT(degreesOfFreedom: degreesOfFreedom), noncentrality.isFinite
    else { return nil }
    self.central = central
    self.noncentrality = noncentrality
  }

  /// P(T > t) = ∫ Φ(δ − t s) f(s) ds over the density f of s = √(χ²_ν / ν).
  ///
  /// Simpson's rule on 2,000 steps of ln s within which all but 1e-12 of f lies; absolute error below
  /// 1e-7 for ν ≥ 1.
  func upperTail(_ t: Double) -> Double {
    let freedom = central.degreesOfFreedom
    // ln s has a standard deviation near 1 / √(2ν) and a long tail to the left where ν is small.
    let low = -12 / (2 * freedom).squareRoot() - 14 / freedom
    let high = min(3.5, 9 / (2 * freedom).squareRoot())
    let constant =
      log(2) + freedom / 2 * log(freedom / 2) - IncompleteBeta.logGamma(freedom / 2)
    let steps = 2_000
    let width = (high - low) / Double(steps)
    var sum = 0.0
    for step in 0...steps {
      let logarithm = low + Double(step) * width
      let s = exp(logarithm)
      let density = exp(constant + freedom * logarithm - freedom / 2 * s * s)
      let weight = step == 0 || step == steps ? 1.0 : step % 2 == 1 ? 4 : 2
      sum += weight * density * StandardNormal.cumulative(noncentrality - t * s)
    }
    return min(1, max(0, sum * width / 3))
  }
}
