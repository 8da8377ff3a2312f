/// Uniform and normal deviates from words of a counter-based generator.
package enum RandomDeviates {
  /// A uniform deviate in (0, 1): the middle of one of 2²³ equal cells, exact in Float.
  @inlinable @inline(__always)
  package static func uniform(_ words: SIMD8<UInt32>) -> Lanes {
    // 1.f − 1 gives k·2⁻²³ for the top 23 bits k; half a cell puts it in the middle.
    Lanes(bits: (words &>> 9) | 0x3F80_0000) - 0.999_999_94
  }

  /// Eight standard normal deviates from two blocks of words (Box & Muller 1958).
  ///
  /// Words 0 and 1 of a block give its deviates 0 and 1, words 2 and 3 its deviates 2 and 3. The
  /// largest magnitude is √(2 ln 2²⁴) = 5.77, beyond which lie 8·10⁻⁹ of a true normal.
  package static func normal(_ first: SIMD4<UInt32>, _ second: SIMD4<UInt32>) -> (
    SIMD4<Float>, SIMD4<Float>
  ) {
    let words = SIMD8<UInt32>(lowHalf: first, highHalf: second)
    let radiusWords = SIMD8<UInt32>(lowHalf: words.evenHalf, highHalf: words.evenHalf)
    let turnWords = SIMD8<UInt32>(lowHalf: words.oddHalf, highHalf: words.oddHalf)
    let squared = -2 * VectorMath.log(uniform(radiusWords))
    let radius = squared.squareRoot()
    let (sin, cos) = VectorMath.sinCosOfTurns(uniform(turnWords))
    let (s, c) = (radius * sin, radius * cos)
    return (SIMD4(c[0], s[0], c[1], s[1]), SIMD4(c[2], s[2], c[3], s[3]))
  }
}
