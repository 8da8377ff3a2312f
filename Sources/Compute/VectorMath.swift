/// Elementary functions of eight floats, the same bits on every CPU.
///
/// Only correctly rounded operations are used (see `Scalar`). NaN gives NaN everywhere: divergence
/// must never be hidden.
@usableFromInline
package enum VectorMath {
  /// eˣ within 1 ulp; below −87.33 it is 0 (no subnormals), above 88.37 infinity.
  ///
  /// x = n·ln 2 + r, |r| ≤ ½ ln 2; eʳ by its Taylor series of degree 7 (truncation 5·10⁻⁹); n is
  /// read from the low bits of x·log₂e + 1.5·2²³ and put into the exponent.
  @inlinable @inline(__always)
  package static func exp(_ x: Lanes) -> Lanes {
    let inside = x.replacing(with: 88, where: x .> 88.37).replacing(with: -87, where: x .< -87.33)
    let (scale, series) = reduce(inside)
    let value = scale.addingProduct(scale, series)
    return value.replacing(with: .infinity, where: x .> 88.37)
      .replacing(with: 0, where: x .< -87.33)
  }

  /// e^−|x| within 1 ulp; 0 where |x| > 87.33.
  @inlinable @inline(__always)
  package static func expOfMinusMagnitude(_ x: Lanes) -> Lanes {
    let magnitude = x.magnitudes
    let (scale, series) = reduce(-magnitude.replacing(with: 87, where: magnitude .> 87.33))
    let value = scale.addingProduct(scale, series)
    return value.replacing(with: 0, where: magnitude .> 87.33)
  }

  /// eˣ − 1 within 2 ulp for x ≤ 0 (used by ELU); −1 below −17.4.
  @inlinable @inline(__always)
  package static func expMinusOne(_ x: Lanes) -> Lanes {
    let (scale, series) = reduce(x.replacing(with: -17.4, where: x .< -17.4))
    return (scale - 1).addingProduct(scale, series)
  }

  /// ln x within 1 ulp for normal x; −infinity at 0 and below 1.2·10⁻³⁸, NaN below 0.
  ///
  /// x = 2ᵉ·m, m in [√½, √2); ln m = 2 artanh s, s = (m − 1)/(m + 1), by its series to s¹¹, summed
  /// as fdlibm's `e_logf.c` does.
  @inlinable @inline(__always)
  package static func log(_ x: Lanes) -> Lanes {
    let bits = SIMD8<UInt32>(bits: x)
    // The exponent relative to √½, as a signed number in the top nine bits.
    let exponent = SIMD8<Int32>(truncatingIfNeeded: bits &- 0x3F35_04F3) &>> 23
    let mantissa = Lanes(bits: bits &- SIMD8<UInt32>(truncatingIfNeeded: exponent &<< 23))
    let e =
      Lanes(bits: SIMD8<UInt32>(truncatingIfNeeded: exponent &+ 0x4B40_0000)) - 12_582_912
    let f = mantissa - 1
    let s = f / (2 + f)
    let z = s * s
    var series = Lanes(repeating: 2 / 11)
    series = Lanes(repeating: 2 / 9).addingProduct(z, series)
    series = Lanes(repeating: 2 / 7).addingProduct(z, series)
    series = Lanes(repeating: 2 / 5).addingProduct(z, series)
    series = Lanes(repeating: 2 / 3).addingProduct(z, series)
    let halfSquare = 0.5 * f * f
    let tail = (s * halfSquare.addingProduct(z, series)).addingProduct(e, Lanes(repeating: ln2Low))
    let value = e * ln2High - ((halfSquare - tail) - f)
    return value.replacing(with: -.infinity, where: x .< Float.leastNormalMagnitude)
      .replacing(with: .nan, where: x .< 0)
      .replacing(with: x, where: (x .== .infinity) .| (x .!= x))
  }

  /// 1 / (1 + e^−x) within 2 ulp.
  @inlinable @inline(__always)
  package static func sigmoid(_ x: Lanes) -> Lanes {
    let e = expOfMinusMagnitude(x)
    return e.replacing(with: 1, where: x .>= 0) / (1 + e)
  }

  /// ln(1 + eˣ) = max(x, 0) + ln(1 + e^−|x|), within 2 ulp or 6·10⁻⁸.
  @inlinable @inline(__always)
  package static func softplus(_ x: Lanes) -> Lanes {
    x.positivePart + log(1 + expOfMinusMagnitude(x))
  }

  /// tanh x within 2 ulp: Cephes' polynomial below 0.625, 1 − 2/(e²ˣ + 1) above.
  @inlinable @inline(__always)
  package static func tanh(_ x: Lanes) -> Lanes {
    let z = x * x
    var series = Lanes(repeating: -5.704_988_727_45e-3)
    series = Lanes(repeating: 2.063_908_879_54e-2).addingProduct(z, series)
    series = Lanes(repeating: -5.373_971_555_31e-2).addingProduct(z, series)
    series = Lanes(repeating: 1.333_144_220_36e-1).addingProduct(z, series)
    series = Lanes(repeating: -3.333_328_194_22e-1).addingProduct(z, series)
    let small = x.addingProduct(x * z, series)
    let e = expOfMinusMagnitude(2 * x)
    let magnitude = (1 - e) / (1 + e)
    let sign = SIMD8<UInt32>(bits: x) & 0x8000_0000
    let large = Lanes(bits: SIMD8<UInt32>(bits: magnitude) | sign)
    return large.replacing(with: small, where: x.magnitudes .< 0.625)
  }

  /// sin 2πv and cos 2πv for v in [0, 1), within 2 ulp of 1.
  ///
  /// The nearest quarter turn is taken off exactly; Cephes' `sinf` and `cosf` polynomials serve the
  /// remaining ±π/4.
  @inlinable @inline(__always)
  package static func sinCosOfTurns(_ v: Lanes) -> (sin: Lanes, cos: Lanes) {
    let shifted = 4 * v + 12_582_912
    let quadrant = SIMD8<UInt32>(bits: shifted) & 3
    let r = (v - 0.25 * (shifted - 12_582_912)) * 6.283_185_5
    let z = r * r
    var s = Lanes(repeating: -1.951_529_589_1e-4)
    s = Lanes(repeating: 8.332_160_873_6e-3).addingProduct(z, s)
    s = Lanes(repeating: -1.666_665_461_1e-1).addingProduct(z, s)
    s = r.addingProduct(r * z, s)
    var c = Lanes(repeating: 2.443_315_711_809_948e-5)
    c = Lanes(repeating: -1.388_731_625_493_765e-3).addingProduct(z, c)
    c = Lanes(repeating: 4.166_664_568_298_827e-2).addingProduct(z, c)
    c = (1 - 0.5 * z).addingProduct(z * z, c)
    let odd = (quadrant & 1) .== 1
    let sinSign = (quadrant & 2) &<< 30
    let cosSign = ((quadrant &+ 1) & 2) &<< 30
    return (
      Lanes(bits: SIMD8<UInt32>(bits: s.replacing(with: c, where: odd)) ^ sinSign),
      Lanes(bits: SIMD8<UInt32>(bits: c.replacing(with: s, where: odd)) ^ cosSign)
    )
  }

  /// ln 2 in two parts; the first has trailing zeros, so n·ln2High is exact for |n| < 2⁹.
  @inlinable static var ln2High: Float { 0.693_359_375 }
  @inlinable static var ln2Low: Float { -2.121_944_4e-4 }

  /// 2ⁿ and eʳ − 1 for x = n·ln 2 + r; −87.34 ≤ x ≤ 88.37.
  @inlinable @inline(__always)
  package static func reduce(_ x: Lanes) -> (scale: Lanes, series: Lanes) {
    let shifted = Lanes(repeating: 12_582_912).addingProduct(x, Lanes(repeating: 1.442_695_04))
    let n = shifted - 12_582_912
    let r = x.addingProduct(n, Lanes(repeating: -ln2High))
      .addingProduct(n, Lanes(repeating: -ln2Low))
    // Products and sums, not fused: LLVM takes eight fused lanes apart here and half of the loss
    // pass with them.
    var series = r * (1 / 5040) + 1 / 720
    series = series * r + 1 / 120
    series = series * r + 1 / 24
    series = series * r + 1 / 6
    series = series * r + 0.5
    series = r.addingProduct(r * r, series)
    let scale = Lanes(bits: (SIMD8<UInt32>(bits: shifted) &+ 127) &<< 23)
    return (scale, series)
  }
}
