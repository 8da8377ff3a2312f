/// Random words addressed by (seed, replicate, draw): the same on every machine, in any order.
///
/// SplitMix64 (Steele, Lea & Flood, *Fast Splittable Pseudorandom Number Generators*, OOPSLA 2014):
/// draw k is mix(s + (k + 1) γ), a function of its position alone. `Compute` has Philox for
/// training, but this room knows only `Sweep`.
package struct ResamplingStream {
  private var state: UInt64

  /// The draws of replicate `replicate`; each replicate starts at a place of its own.
  init(seed: UInt64, replicate: Int) {
    state = Self.mix(Self.mix(seed) ^ UInt64(truncatingIfNeeded: replicate))
  }

  /// SplitMix64 as it is published, from its state.
  package init(state: UInt64) { self.state = state }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Self.mix(state)
  }

  /// A whole number from 0 to `bound` − 1, for a bound of 1 or more.
  ///
  /// The high word of a product (Lemire 2019); its bias is below bound / 2⁶⁴.
  mutating func below(_ bound: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// A number in [0, 1) with 53 random bits.
  mutating func fraction() -> Double { Double(next() >> 11) * 0x1p-53 }

  private static func mix(_ word: UInt64) -> UInt64 {
    var word = word
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }
}
