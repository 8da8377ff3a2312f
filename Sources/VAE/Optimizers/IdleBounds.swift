/// How small a moment and how large a weight must be for a step without a gradient to change nothing
/// of the weight.
struct IdleBounds {
  /// The moment's size at most.
  let moment: Float
  /// The weight's size at least.
  let weight: Float

  /// Of weights that move by `factor` · moment at most; nil where `factor` is no number, and where
  /// `decays` do not lie in (0, 1).
  ///
  /// A moment of 2⁻¹⁰⁰ moves such a weight by at most 2⁻²⁸ of itself. Where that is a subnormal number,
  /// each of its two roundings, of rate · moment and of the quotient, may double it. Half the way
  /// from a weight to the next number is 2⁻²⁵ of it or more: the difference is rounded back to it.
  init?(factor: Double, decays: (Float, Float)) {
    guard factor.isFinite, factor.sign == .plus,
      min(decays.0, decays.1) >= .leastNormalMagnitude, max(decays.0, decays.1) < 1
    else { return nil }
    moment = 0x1p-100
    // A weight of 0 would take the sign of the difference. Conversion to Float may round down.
    weight = max(Float(factor * 0x1p-72), .leastNormalMagnitude).nextUp
  }
}
