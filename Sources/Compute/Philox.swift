/// Philox4x32-10: a counter-based random number generator.
///
/// `block` is a bijection of the 128-bit counter for every 64-bit key, so a draw depends on its
/// address alone and never on history. Salmon, Moraes, Dror & Shaw, *Parallel Random Numbers: As
/// Easy as 1, 2, 3*, SC 2011; constants and known answers from Random123.
package struct Philox: Sendable {
  @usableFromInline let key: SIMD2<UInt32>

  package init(key: (UInt32, UInt32)) { self.key = SIMD2(key.0, key.1) }

  /// The four words at `counter`, after ten rounds.
  package func block(_ counter: SIMD4<UInt32>) -> SIMD4<UInt32> {
    var (x, y, z, w) = (counter.x, counter.y, counter.z, counter.w)
    var (first, second) = (key.x, key.y)
    for _ in 0..<10 {
      let low = UInt64(x) &* 0xD251_1F53
      let high = UInt64(z) &* 0xCD9E_8D57
      x = UInt32(truncatingIfNeeded: high &>> 32) ^ y ^ first
      y = UInt32(truncatingIfNeeded: high)
      z = UInt32(truncatingIfNeeded: low &>> 32) ^ w ^ second
      w = UInt32(truncatingIfNeeded: low)
      first &+= 0x9E37_79B9
      second &+= 0xBB67_AE85
    }
    return SIMD4(x, y, z, w)
  }
}
