import Crypto

/// A SHA-256, which names content: a point, a dataset, a blob.
package struct Digest: Hashable, Sendable, CustomStringConvertible, Comparable {
  /// 64 lower-case hexadecimal digits.
  package let hex: String

  /// The digest of `text` in UTF-8.
  package init(of text: String) { self.init(of: Array(text.utf8)) }

  /// The digest of `bytes`.
  package init(of bytes: [UInt8]) {
    hex = SHA256.hash(data: bytes).map { byte in
      let digits = String(byte, radix: 16)
      return byte < 16 ? "0" + digits : digits
    }.joined()
  }

  /// Reads 64 lower-case hexadecimal digits; nil for anything else.
  package init?(hex: String) {
    guard hex.utf8.count == 64,
      hex.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) })
    else { return nil }
    self.hex = hex
  }

  package var description: String { hex }

  /// Enough to tell points apart in a log.
  package var short: String { String(hex.prefix(12)) }

  package static func < (left: Digest, right: Digest) -> Bool { left.hex < right.hex }
}
