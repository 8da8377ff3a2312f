/// Arrays under names, as bytes that are the same on every host.
///
/// "VAEA", version 1, the number of arrays; of each, in the order of their names: the length of the
/// name and the name in UTF-8, the type, the rank, then per dimension a UInt32, then the elements.
/// One byte each where no size is given; everything little-endian.
package struct NamedArrays: Hashable, Sendable {
  /// The elements of one array, row by row.
  package enum Elements: Hashable, Sendable {
    case bytes([UInt8])
    case floats([Float])
    case integers([Int32])
    case doubles([Double])

    var count: Int {
      switch self {
      case .bytes(let values): values.count
      case .floats(let values): values.count
      case .integers(let values): values.count
      case .doubles(let values): values.count
      }
    }
  }

  package struct Entry: Hashable, Sendable {
    package let shape: [Int]
    package let elements: Elements
  }

  private var entries: [String: Entry] = [:]

  package init() {}

  package var names: [String] { entries.keys.sorted() }

  package subscript(name: String) -> Entry? { entries[name] }

  /// The elements of a byte array of `rank` dimensions, or nil where there is none such.
  package func bytes(_ name: String, rank: Int) -> (shape: [Int], values: [UInt8])? {
    guard let entry = entries[name], entry.shape.count == rank,
      case .bytes(let values) = entry.elements
    else { return nil }
    return (entry.shape, values)
  }

  package func floats(_ name: String, rank: Int) -> (shape: [Int], values: [Float])? {
    guard let entry = entries[name], entry.shape.count == rank,
      case .floats(let values) = entry.elements
    else { return nil }
    return (entry.shape, values)
  }

  package func integers(_ name: String, rank: Int) -> (shape: [Int], values: [Int32])? {
    guard let entry = entries[name], entry.shape.count == rank,
      case .integers(let values) = entry.elements
    else { return nil }
    return (entry.shape, values)
  }

  package func doubles(_ name: String, rank: Int) -> (shape: [Int], values: [Double])? {
    guard let entry = entries[name], entry.shape.count == rank,
      case .doubles(let values) = entry.elements
    else { return nil }
    return (entry.shape, values)
  }

  /// Adds an array, or replaces the one of that name.
  ///
  /// - Precondition: the product of `shape` is the number of elements.
  package mutating func set(_ name: String, shape: [Int], _ elements: Elements) {
    precondition(shape.reduce(1, *) == elements.count, "\(name): the shape does not fit")
    entries[name] = Entry(shape: shape, elements: elements)
  }
}

extension NamedArrays {
  private static let magic: [UInt8] = [0x56, 0x41, 0x45, 0x41, 1]

  /// The bytes that `init(data:)` reads.
  package var data: [UInt8] {
    var bytes = Self.magic + [UInt8(entries.count)]
    for name in names {
      guard let entry = entries[name] else { continue }
      let utf8 = Array(name.utf8)
      bytes.append(UInt8(utf8.count))
      bytes += utf8
      switch entry.elements {
      case .bytes: bytes.append(0)
      case .floats: bytes.append(1)
      case .integers: bytes.append(2)
      case .doubles: bytes.append(3)
      }
      bytes.append(UInt8(entry.shape.count))
      for size in entry.shape { bytes.append(littleEndian: UInt32(size)) }
      switch entry.elements {
      case .bytes(let values): bytes += values
      case .floats(let values): for value in values { bytes.append(littleEndian: value.bitPattern) }
      case .integers(let values):
        for value in values { bytes.append(littleEndian: UInt32(bitPattern: value)) }
      case .doubles(let values):
        for value in values {
          let pattern = value.bitPattern
          bytes.append(littleEndian: UInt32(truncatingIfNeeded: pattern))
          bytes.append(littleEndian: UInt32(truncatingIfNeeded: pattern >> 32))
        }
      }
    }
    return bytes
  }

  /// Reads what `data` wrote; nil where the bytes are anything else.
  package init?(data: [UInt8]) {
    var reader = ByteReader(bytes: data[...])
    guard reader.take(Self.magic.count).map(Array.init) == Self.magic, let count = reader.byte()
    else { return nil }
    for _ in 0..<count {
      guard let length = reader.byte(), let name = reader.take(Int(length)),
        let text = String(validating: name, as: UTF8.self), let type = reader.byte(),
        let rank = reader.byte(), rank <= 4
      else { return nil }
      var shape: [Int] = []
      var elements = 1
      for _ in 0..<rank {
        guard let size = reader.word() else { return nil }
        let (product, overflow) = elements.multipliedReportingOverflow(by: Int(size))
        guard !overflow, product <= data.count else { return nil }
        elements = product
        shape.append(Int(size))
      }
      switch type {
      case 0:
        guard let values = reader.take(elements) else { return nil }
        entries[text] = Entry(shape: shape, elements: .bytes(Array(values)))
      case 1:
        guard let words = reader.words(elements) else { return nil }
        entries[text] = Entry(
          shape: shape, elements: .floats(words.map { Float(bitPattern: $0) }))
      case 2:
        guard let words = reader.words(elements) else { return nil }
        entries[text] = Entry(
          shape: shape, elements: .integers(words.map { Int32(bitPattern: $0) }))
      case 3:
        guard let words = reader.words(2 * elements) else { return nil }
        entries[text] = Entry(
          shape: shape,
          elements: .doubles(
            (0..<elements).map {
              Double(bitPattern: UInt64(words[2 * $0 + 1]) << 32 | UInt64(words[2 * $0]))
            }))
      default: return nil
      }
    }
    guard reader.bytes.isEmpty, entries.count == Int(count) else { return nil }
  }
}

/// Takes little-endian values off the front of bytes.
private struct ByteReader {
  var bytes: ArraySlice<UInt8>

  mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
    guard bytes.count >= count else { return nil }
    defer { bytes = bytes.dropFirst(count) }
    return bytes.prefix(count)
  }

  mutating func byte() -> UInt8? { take(1)?.first }

  mutating func word() -> UInt32? {
    take(4)?.reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }

  mutating func words(_ count: Int) -> [UInt32]? {
    guard bytes.count >= 4 * count else { return nil }
    return (0..<count).compactMap { _ in word() }
  }
}

extension [UInt8] {
  fileprivate mutating func append(littleEndian value: UInt32) {
    for shift in stride(from: UInt32(0), to: 32, by: 8) {
      append(UInt8(truncatingIfNeeded: value >> shift))
    }
  }
}
