import Compute

/// Lanes of a moment that decays below the normal numbers.
struct SubnormalLanes {
  let mask: LaneBits
  private let next: LaneBits

  /// The subnormal ones `among` some lanes, with decay · moment, rounded once.
  ///
  /// k · 2⁻¹⁴⁹ has the bits of k, and decay · k + 2²³ is rounded to a whole number, ties to even.
  @inline(__always)
  init(_ moment: Lanes, decay: Float, among lanes: LaneBits) {
    let bits = LaneBits(bits: moment)
    let magnitude = bits & 0x7FFF_FFFF
    mask = lanes & (magnitude &>> 23).areZero & ~magnitude.areZero
    let twoTo23 = Float(0x1p23).bitPattern
    let k = Lanes(bits: magnitude | twoTo23) - 0x1p23
    let rounded = LaneBits(bits: Lanes(repeating: 0x1p23).addingProduct(k, decay)) &- twoTo23
    next = rounded | (bits & 0x8000_0000)
  }

  /// The idle ones of a moment that moves weights by `bounds` and has no gradient; nil where there
  /// are none.
  @inline(__always)
  init?(
    _ moment: Lanes, gradient: Lanes, weights: Lanes, decay: Float, _ bounds: IdleBounds?
  ) {
    guard let bounds,
      let idle = IdleLanes(moment, gradient: gradient, weights: weights, bounds)
    else { return nil }
    self = idle.subnormal(moment, decay: decay)
  }

  /// `values` with the decayed moment in these lanes.
  @inline(__always)
  func settingNext(in values: Lanes) -> Lanes {
    Lanes(bits: LaneBits(bits: values.clearing(mask)) | (next & mask))
  }
}

/// The bits of eight floats, or a mask: all bits of a lane or none.
///
/// Swift compares lanes of integers one by one; the operations below do not.
typealias LaneBits = SIMD8<UInt32>

extension Lanes {
  /// With 0 in the lanes of a mask.
  @inline(__always)
  func clearing(_ mask: LaneBits) -> Lanes { Lanes(bits: LaneBits(bits: self) & ~mask) }
}

extension LaneBits {
  /// Of bits of floats: those from +0 to below infinity.
  @inline(__always)
  var arePositiveNumbers: Self {
    ~(filledFromTop | areAbove(Self(repeating: Float.greatestFiniteMagnitude.bitPattern)))
  }

  /// Of lanes below 2³¹.
  @inline(__always)
  var areZero: Self { (self &- 1).filledFromTop }

  /// Of lanes below 2³¹.
  @inline(__always)
  func areAbove(_ other: Self) -> Self { (other &- self).filledFromTop }

  @inline(__always)
  var holdAny: Bool {
    let words = unsafeBitCast(self, to: SIMD4<UInt64>.self)
    return words[0] | words[1] | words[2] | words[3] != 0
  }

  /// Every bit of a lane as its highest.
  @inline(__always)
  private var filledFromTop: Self {
    Self(truncatingIfNeeded: SIMD8<Int32>(truncatingIfNeeded: self) &>> 31)
  }
}
