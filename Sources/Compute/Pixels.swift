/// Pixel bytes as floats in [0, 1].
@usableFromInline
package enum Pixels {
  /// Eight bytes / 255, correctly rounded: a product with 1/255 and one Newton correction.
  @inlinable @inline(__always)
  package static func unit(_ bytes: SIMD8<UInt8>) -> Lanes {
    // 0x4B000000 is 2²³: its low mantissa bits count in ones.
    let value =
      Lanes(bits: SIMD8<UInt32>(truncatingIfNeeded: bytes) | 0x4B00_0000) - 8_388_608
    let inverse = Lanes(repeating: 1 / 255)
    let quotient = value * inverse
    return quotient.addingProduct(value.addingProduct(quotient, Lanes(repeating: -255)), inverse)
  }
}

/// What the bytes of an image set are like; decides between dense and sparse products.
package struct PixelDensity: Sendable {
  /// The share of bytes that are not zero.
  package let share: Double
  /// The most nonzero bytes in one image.
  package let maxPerImage: Int

  /// Reads `count` images of `width` bytes once.
  package init(pixels: UnsafePointer<UInt8>, count: Int, width: Int) {
    var total = 0
    var most = 0
    for i in 0..<count {
      let nonzero = Self.nonzero(UnsafeRawPointer(pixels + i * width), width)
      total += nonzero
      most = max(most, nonzero)
    }
    share = count == 0 ? 0 : Double(total) / (Double(count) * Double(width))
    maxPerImage = most
  }

  /// Eight bytes at a time: byte by byte, MNIST's images took a tenth of a second of every run.
  private static func nonzero(_ bytes: UnsafeRawPointer, _ count: Int) -> Int {
    let whole = count & ~7
    var nonzero = 0
    for k in stride(from: 0, to: whole, by: 8) {
      nonzero &+= bytes.loadUnaligned(fromByteOffset: k, as: UInt64.self).nonzeroByteCount
    }
    for k in whole..<count where bytes.load(fromByteOffset: k, as: UInt8.self) != 0 { nonzero += 1 }
    return nonzero
  }
}

extension UInt64 {
  /// How many of its eight bytes are not zero.
  fileprivate var nonzeroByteCount: Int {
    // The sum reaches a byte's highest bit where one of its other bits is set.
    let others: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
    return (((self & others) &+ others | self) & ~others).nonzeroBitCount
  }
}
