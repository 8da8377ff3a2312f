/// Takes little-endian values off the front of bytes; nil where they do not reach.
///
/// Never traps, whatever the bytes.
package struct BinaryReader {
  private let bytes: [UInt8]
  /// Bytes taken so far.
  package private(set) var place = 0

  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  package var left: Int { bytes.count - place }

  package mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
    guard count >= 0, left >= count else { return nil }
    defer { place += count }
    return bytes[place..<(place + count)]
  }

  package mutating func integer<Value: FixedWidthInteger & UnsignedInteger>(
    _: Value.Type = Value.self
  ) -> Value? {
    take(MemoryLayout<Value>.size)?.reversed().reduce(0) { $0 << 8 | Value($1) }
  }

  /// An unsigned 64-bit number that an `Int` holds.
  package mutating func count() -> Int? { integer(UInt64.self).flatMap { Int(exactly: $0) } }

  package mutating func double() -> Double? {
    integer(UInt64.self).map { Double(bitPattern: $0) }
  }

  /// `count` floats, each four bytes.
  package mutating func floats(_ count: Int) -> [Float]? {
    guard count >= 0, count <= left / 4, let bytes = take(4 * count) else { return nil }
    return bytes.withUnsafeBytes { buffer in
      (0..<count).map { index in
        let word = buffer.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)
        return Float(bitPattern: UInt32(littleEndian: word))
      }
    }
  }
}

/// Writes what `BinaryReader` reads.
extension [UInt8] {
  package mutating func append(littleEndian value: some FixedWidthInteger & UnsignedInteger) {
    Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
  }

  package mutating func append(littleEndian value: Double) {
    append(littleEndian: value.bitPattern)
  }

  package mutating func append(littleEndian values: UnsafeBufferPointer<Float>) {
    reserveCapacity(count + 4 * values.count)
    for value in values { append(littleEndian: value.bitPattern) }
  }
}
