import Crypto

/// A SHA-256, which names content: a point, a dataset, a blob.
package struct Digest: Hashable, Sendable, CustomStringConvertible, Comparable {
  // Its 32 bytes as big-endian words, so that they compare as the digits do. A sweep holds one for
  // each attempt; sixty-four digits in a string would take three times the room.
  private let first: UInt64
  private let second: UInt64
  private let third: UInt64
  private let fourth: UInt64

  /// The digest of `text` in UTF-8.
  package init(of text: String) { self.init(of: Array(text.utf8)) }

  /// The digest of `bytes`.
  package init(of bytes: [UInt8]) { self.init(SHA256.hash(data: bytes)) }

  init(_ hash: SHA256.Digest) {
    self = hash.withUnsafeBytes { bytes in
      func word(_ place: Int) -> UInt64 {
        UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8 * place, as: UInt64.self))
      }
      return Digest(word(0), word(1), word(2), word(3))
    }
  }

  /// Reads 64 lower-case hexadecimal digits; nil for anything else.
  package init?(hex: String) {
    var words = SIMD4<UInt64>()
    var count = 0
    for digit in hex.utf8 {
      let value: UInt8
      switch digit {
      case 48...57: value = digit - 48
      case 97...102: value = digit - 87
      default: return nil
      }
      guard count < 64 else { return nil }
      words[count / 16] = words[count / 16] << 4 | UInt64(value)
      count += 1
    }
    guard count == 64 else { return nil }
    self.init(words[0], words[1], words[2], words[3])
  }

  private init(_ first: UInt64, _ second: UInt64, _ third: UInt64, _ fourth: UInt64) {
    self.first = first
    self.second = second
    self.third = third
    self.fourth = fourth
  }

  /// 64 lower-case hexadecimal digits.
  package var hex: String {
    String(unsafeUninitializedCapacity: 64) { digits in
      let words = [first, second, third, fourth]
      for place in 0..<64 {
        let value = UInt8(truncatingIfNeeded: words[place / 16] >> (60 - 4 * UInt64(place % 16)))
        let digit = value & 15
        digits[place] = digit < 10 ? 48 + digit : 87 + digit
      }
      return 64
    }
  }

  package var description: String { hex }

  /// Enough to tell points apart in a log.
  package var short: String { String(hex.prefix(12)) }

  package static func < (left: Digest, right: Digest) -> Bool {
    (left.first, left.second, left.third, left.fourth)
      < (right.first, right.second, right.third, right.fourth)
  }
}
