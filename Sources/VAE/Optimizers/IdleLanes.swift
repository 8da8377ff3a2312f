import Compute

// A parameter whose gradient has become 0, as those of a dead unit or of a pixel that is seldom lit
// have, keeps a moment that decays until it is subnormal, and there it stays: 0.9 · 4 · 2⁻¹⁴⁹ is
// rounded to 4 · 2⁻¹⁴⁹. Intel's CPUs take a hundred cycles and more for a product that is subnormal
// or has such a factor: with one lane in sixteen a step of Adam over 426,000 parameters took 3,070 µs
// instead of 260 (Emerald Rapids), and 300 now. Here the same bits come of whole and normal numbers.
//
// Left to the CPU, as seldom: moments without a gradient beside weights of 0; gradients below 2⁻⁶³,
// whose squares are subnormal; a second moment that decays before the first.

/// Lanes without a gradient whose moment is so small that it moves no weight.
struct IdleLanes {
  let mask: LaneBits

  /// nil where there are none.
  @inline(__always)
  init?(_ moment: Lanes, gradient: Lanes, weights: Lanes, _ bounds: IdleBounds) {
    let magnitude = LaneBits(bits: moment.magnitudes)
    let candidates =
      LaneBits(bits: gradient.magnitudes).areZero
      & ~magnitude.areAbove(LaneBits(repeating: bounds.moment.bitPattern))
    guard candidates.holdAny else { return nil }
    let isFixed = ~LaneBits(repeating: bounds.weight.bitPattern)
      .areAbove(LaneBits(bits: weights.magnitudes))
    mask = candidates & (magnitude.areZero | isFixed)
  }

  private init(_ mask: LaneBits) { self.mask = mask }

  /// Those where `values` are numbers, and none below 0.
  @inline(__always)
  func and(positive values: Lanes) -> Self {
    Self(mask & LaneBits(bits: values).arePositiveNumbers)
  }

  /// Those where `moment` is subnormal, with what it decays to.
  @inline(__always)
  func subnormal(_ moment: Lanes, decay: Float) -> SubnormalLanes {
    SubnormalLanes(moment, decay: decay, among: mask)
  }
}
