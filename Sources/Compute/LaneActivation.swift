/// A hidden activation, eight units at a time, with its slope as a function of its own output.
@usableFromInline
package protocol LaneActivation {
  /// a = f(x).
  static func value(_ x: Lanes) -> Lanes
  /// f′(x), from a = f(x).
  static func slope(atOutput a: Lanes) -> Lanes
}

/// max(x, 0), slope 0 at 0 (as PyTorch).
@usableFromInline
package enum ReLU: LaneActivation {
  @inlinable @inline(__always)
  package static func value(_ x: Lanes) -> Lanes { x.positivePart }
  @inlinable @inline(__always)
  package static func slope(atOutput a: Lanes) -> Lanes {
    Lanes(repeating: 0).replacing(with: 1, where: a .> 0)
  }
}

/// tanh x, slope 1 − a².
@usableFromInline
package enum HyperbolicTangent: LaneActivation {
  @inlinable @inline(__always)
  package static func value(_ x: Lanes) -> Lanes { VectorMath.tanh(x) }
  @inlinable @inline(__always)
  package static func slope(atOutput a: Lanes) -> Lanes { 1 - a * a }
}

/// 1 / (1 + e^−x), slope a(1 − a).
@usableFromInline
package enum Sigmoid: LaneActivation {
  @inlinable @inline(__always)
  package static func value(_ x: Lanes) -> Lanes { VectorMath.sigmoid(x) }
  @inlinable @inline(__always)
  package static func slope(atOutput a: Lanes) -> Lanes { a * (1 - a) }
}

/// x above 0, eˣ − 1 below; slope 1 above, a + 1 below (α = 1).
@usableFromInline
package enum ELU: LaneActivation {
  @inlinable @inline(__always)
  package static func value(_ x: Lanes) -> Lanes {
    VectorMath.expMinusOne(x.replacing(with: 0, where: x .> 0))
      .replacing(with: x, where: x .> 0)
  }
  @inlinable @inline(__always)
  package static func slope(atOutput a: Lanes) -> Lanes {
    (a + 1).replacing(with: 1, where: a .> 0)
  }
}
