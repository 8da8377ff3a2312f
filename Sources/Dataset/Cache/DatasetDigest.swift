import Crypto

/// SHA-256 in lower-case hex.
struct HexDigest {
  private var hash = SHA256()

  mutating func update(_ bytes: UnsafeRawBufferPointer) { hash.update(bufferPointer: bytes) }

  mutating func update(_ bytes: [UInt8]) { hash.update(data: bytes) }

  func finish() -> String { lowerCaseHex(hash.finalize()) }

  static func of(_ text: String) -> String { lowerCaseHex(SHA256.hash(data: Array(text.utf8))) }

  /// Whether `text` can be a digest: 64 lower-case hexadecimal digits.
  static func isValid(_ text: some StringProtocol) -> Bool {
    text.utf8.count == 64
      && text.utf8.allSatisfy {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
          || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
      }
  }
}

private func lowerCaseHex(_ bytes: some Sequence<UInt8>) -> String {
  let digits = Array("0123456789abcdef".utf8)
  return String(
    decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}
