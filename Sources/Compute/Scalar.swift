/// Elementary functions of one `Double`, the same bits on every CPU.
///
/// libm is not used: glibc picks its kernels by CPU, so its last bits differ between hosts. Every
/// operation here (add, multiply, fused multiply-add, divide, square root) is correctly rounded by
/// IEEE 754, and the compiler is not allowed to contract or reassociate.
package enum Scalar {
  /// √x, correctly rounded.
  package static func sqrt(_ x: Double) -> Double { x.squareRoot() }

  /// eˣ within 1 ulp; 0 below −745.2, infinity above 709.8.
  ///
  /// x = n·ln 2 + r with |r| ≤ ½ ln 2, then eʳ by its Taylor series of degree 13 (truncation
  /// below 5·10⁻¹⁸) and a scaling by 2ⁿ in two steps, so that subnormal results round once.
  package static func exp(_ x: Double) -> Double {
    guard x == x else { return x }
    guard x < 709.8 else { return .infinity }
    guard x > -745.2 else { return 0 }
    let n = (x * 1.442_695_040_888_963_4).rounded(.toNearestOrEven)
    let high = x.addingProduct(-n, ln2High)
    let low = n * ln2Low
    let r = high - low
    var series = 1.0 / 6_227_020_800  // 1/13!
    series = (1.0 / 479_001_600).addingProduct(r, series)
    series = (1.0 / 39_916_800).addingProduct(r, series)
    series = (1.0 / 3_628_800).addingProduct(r, series)
    series = (1.0 / 362_880).addingProduct(r, series)
    series = (1.0 / 40_320).addingProduct(r, series)
    series = (1.0 / 5_040).addingProduct(r, series)
    series = (1.0 / 720).addingProduct(r, series)
    series = (1.0 / 120).addingProduct(r, series)
    series = (1.0 / 24).addingProduct(r, series)
    series = (1.0 / 6).addingProduct(r, series)
    series = 0.5.addingProduct(r, series)
    // 1 + (r + r²·series), with the rounding error of r put back.
    let error = (high - r) - low
    let value = 1 + (r + error.addingProduct(r * r, series))
    let half = Int(n) / 2
    return value * powerOfTwo(half) * powerOfTwo(Int(n) - half)
  }

  /// ln x within 1 ulp; −infinity at 0, NaN below.
  ///
  /// x = 2ᵉ·m with m in [√½, √2); ln m = 2 artanh s, s = (m − 1)/(m + 1), by its series to s²¹,
  /// summed as fdlibm's `e_log.c` does, so that the leading term m − 1 is exact.
  package static func log(_ x: Double) -> Double {
    guard x > 0 else { return x == 0 ? -.infinity : .nan }
    guard x < .infinity else { return x }
    var exponent = Double(x.exponent)
    var mantissa = x.significand
    if mantissa > 1.414_213_562_373_095_1 {
      mantissa *= 0.5
      exponent += 1
    }
    let f = mantissa - 1
    let s = f / (2 + f)
    let z = s * s
    var series = 2.0 / 21
    series = (2.0 / 19).addingProduct(z, series)
    series = (2.0 / 17).addingProduct(z, series)
    series = (2.0 / 15).addingProduct(z, series)
    series = (2.0 / 13).addingProduct(z, series)
    series = (2.0 / 11).addingProduct(z, series)
    series = (2.0 / 9).addingProduct(z, series)
    series = (2.0 / 7).addingProduct(z, series)
    series = (2.0 / 5).addingProduct(z, series)
    series = (2.0 / 3).addingProduct(z, series)
    let halfSquare = 0.5 * f * f
    let tail = s * (halfSquare + z * series) + exponent * ln2Low
    return exponent * ln2High - ((halfSquare - tail) - f)
  }

  /// sin x within 1 ulp (of the result, or of 10⁻¹⁶ near the zeros) for |x| ≤ 10⁵.
  package static func sin(_ x: Double) -> Double {
    let (quadrant, r) = reduceToQuadrant(x)
    let value = quadrant & 1 == 0 ? sinKernel(r) : cosKernel(r)
    return quadrant & 2 == 0 ? value : -value
  }

  /// cos x within 1 ulp (of the result, or of 10⁻¹⁶ near the zeros) for |x| ≤ 10⁵.
  package static func cos(_ x: Double) -> Double {
    let (quadrant, r) = reduceToQuadrant(x)
    let value = quadrant & 1 == 0 ? cosKernel(r) : sinKernel(r)
    return (quadrant + 1) & 2 == 0 ? value : -value
  }

  /// ln 2 in two parts; the first has 21 trailing zero bits, so n·ln2High is exact.
  private static let ln2High = 0x1.62e42fee00000p-1
  private static let ln2Low = 0x1.a39ef35793c76p-33

  /// 2ⁿ for −1022 ≤ n ≤ 1023.
  private static func powerOfTwo(_ n: Int) -> Double {
    Double(bitPattern: UInt64(truncatingIfNeeded: n + 1023) << 52)
  }

  /// x = quadrant·π/2 + r, |r| ≤ π/4, with π/2 in three parts (fdlibm's, then one rounding each).
  private static func reduceToQuadrant(_ x: Double) -> (quadrant: Int, r: Double) {
    guard abs(x) <= 1e9 else { return (0, .nan) }
    let n = (x * 0.636_619_772_367_581_34).rounded(.toNearestOrEven)
    var r = x.addingProduct(-n, 0x1.921fb54442d18p+0)
    r = r.addingProduct(-n, 0x1.1a62633145c07p-54)
    r = r.addingProduct(-n, -0x1.f1976b7ed8fbcp-110)
    return (Int(n) & 3, r)
  }

  /// sin r for |r| ≤ π/4: Taylor to r¹⁷ (truncation below 10⁻¹⁹).
  private static func sinKernel(_ r: Double) -> Double {
    let z = r * r
    var series = 1.0 / 355_687_428_096_000
    series = (-1.0 / 1_307_674_368_000).addingProduct(z, series)
    series = (1.0 / 6_227_020_800).addingProduct(z, series)
    series = (-1.0 / 39_916_800).addingProduct(z, series)
    series = (1.0 / 362_880).addingProduct(z, series)
    series = (-1.0 / 5_040).addingProduct(z, series)
    series = (1.0 / 120).addingProduct(z, series)
    series = (-1.0 / 6).addingProduct(z, series)
    return r.addingProduct(r * z, series)
  }

  /// cos r for |r| ≤ π/4: Taylor to r¹⁸ (truncation below 10⁻²⁰).
  private static func cosKernel(_ r: Double) -> Double {
    let z = r * r
    var series = -1.0 / 6_402_373_705_728_000
    series = (1.0 / 20_922_789_888_000).addingProduct(z, series)
    series = (-1.0 / 87_178_291_200).addingProduct(z, series)
    series = (1.0 / 479_001_600).addingProduct(z, series)
    series = (-1.0 / 3_628_800).addingProduct(z, series)
    series = (1.0 / 40_320).addingProduct(z, series)
    series = (-1.0 / 720).addingProduct(z, series)
    series = (1.0 / 24).addingProduct(z, series)
    // 1 − z/2 loses at most half an ulp, which (1 − head) − z/2 recovers exactly.
    let half = 0.5 * z
    let head = 1 - half
    return head + ((1 - head) - half).addingProduct(z * z, series)
  }
}
