/// Eight floats: one AVX2 register, or two NEON registers.
@usableFromInline package typealias Lanes = SIMD8<Float>

extension Int {
  /// The next multiple of eight: rows are padded to whole `Lanes`, so that kernels have no tails.
  @inlinable package var roundedUpToLanes: Int { (self + 7) & ~7 }

  /// Floats from one row of a matrix of this many columns to the next: whole lanes, and beyond one
  /// cache line an odd number of lines.
  ///
  /// With 256 columns, rows 16 lines apart would share 16 of the first-level cache's 64 sets; 17
  /// lines apart they spread over all of them.
  @inlinable package var rowStride: Int {
    guard self > 16 else { return roundedUpToLanes }
    return ((self + 15) / 16 | 1) * 16
  }
}

extension UnsafePointer<Float> {
  /// The eight floats from `index` on.
  @inlinable @inline(__always)
  package func lanes(at index: Int) -> Lanes {
    UnsafeRawPointer(self + index).loadUnaligned(as: Lanes.self)
  }
}

extension UnsafeMutablePointer<Float> {
  /// The eight floats from `index` on.
  @inlinable @inline(__always)
  package func lanes(at index: Int) -> Lanes {
    UnsafeRawPointer(self + index).loadUnaligned(as: Lanes.self)
  }

  /// Writes eight floats from `index` on.
  @inlinable @inline(__always)
  package func store(_ lanes: Lanes, at index: Int) {
    UnsafeMutableRawPointer(self + index).storeBytes(of: lanes, as: Lanes.self)
  }
}

extension SIMD8<Float> {
  /// The sum of the lanes in Double, from the first to the last.
  @inlinable @inline(__always)
  package var doubleSum: Double {
    var sum = 0.0
    for lane in 0..<8 { sum += Double(self[lane]) }
    return sum
  }

  /// max(x, 0), with NaN kept.
  @inlinable @inline(__always)
  package var positivePart: Lanes { self.replacing(with: 0, where: self .< 0) }

  /// |x| by clearing the sign bit.
  @inlinable @inline(__always)
  package var magnitudes: Lanes {
    Lanes(bits: SIMD8<UInt32>(bits: self) & 0x7FFF_FFFF)
  }

  @inlinable @inline(__always)
  package init(bits: SIMD8<UInt32>) { self = unsafeBitCast(bits, to: Lanes.self) }
}

extension SIMD8<UInt32> {
  @inlinable @inline(__always)
  package init(bits: Lanes) { self = unsafeBitCast(bits, to: SIMD8<UInt32>.self) }
}
