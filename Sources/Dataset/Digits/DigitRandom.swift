import Compute

/// The random numbers of one built-in image: a Philox stream that depends on its split and index
/// alone.
struct DigitRandom {
  private let philox: Philox
  private let index: UInt32
  private var block: UInt32 = 0
  private var words = SIMD4<UInt32>()
  private var used = 4

  init(split: DigitSplit, index: Int) {
    // "digi" in ASCII: no seed of a user's can collide with it and nothing depends on one.
    philox = Philox(key: (0x6469_6769, split.rawValue))
    self.index = UInt32(truncatingIfNeeded: index)
  }

  /// Uniform in (0, 1), a multiple of 2⁻³³.
  mutating func uniform() -> Double {
    if used == 4 {
      words = philox.block(SIMD4(index, block, 0, 0))
      block &+= 1
      used = 0
    }
    defer { used += 1 }
    return (Double(words[used]) + 0.5) / 4_294_967_296
  }

  /// Uniform in the range.
  mutating func uniform(_ low: Double, _ high: Double) -> Double {
    low + (high - low) * uniform()
  }

  /// Uniform over 0 ..< `bound`.
  mutating func below(_ bound: Int) -> Int { Int(uniform() * Double(bound)) }

  /// Mean 0, standard deviation 1, bell-shaped and bounded by ±3.47: the sum of four uniforms
  /// (Irwin–Hall), scaled.
  mutating func bell() -> Double {
    let sum = uniform() + uniform() + uniform() + uniform()
    return (sum - 2) * 1.732_050_807_568_877_2
  }
}

/// Training and test images come from streams of their own.
enum DigitSplit: UInt32, Sendable {
  case train = 0
  case test = 1
}
