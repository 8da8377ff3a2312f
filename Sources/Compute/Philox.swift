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
    var state = counter
    var key = key
    for _ in 0..<10 {
      let first = UInt64(state.x) * 0xD251_1F53
      let second = UInt64(state.z) * 0xCD9E_8D57
      state = SIMD4(
        UInt32(truncatingIfNeeded: second >> 32) ^ state.y ^ key.x,
        UInt32(truncatingIfNeeded: second),
        UInt32(truncatingIfNeeded: first >> 32) ^ state.w ^ key.y,
        UInt32(truncatingIfNeeded: first))
      key &+= SIMD2(0x9E37_79B9, 0xBB67_AE85)
    }
    return state
  }
}
