/// Z85, five printable characters for four bytes (ZeroMQ RFC 32).
package enum Z85 {
  /// Characters of a 32-byte key.
  static let keyCharacters = 40

  private static let alphabet = Array(
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#".utf8)

  private static let values: [UInt8?] = {
    var values = [UInt8?](repeating: nil, count: 256)
    for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
    return values
  }()

  /// The text of some bytes, whose number is a multiple of four; trailing ones are left out.
  package static func encode(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count / 4 * 5)
    for start in stride(from: 0, through: bytes.count - 4, by: 4) {
      let number = bytes[start..<(start + 4)].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      for divisor in [52_200_625, 614_125, 7225, 85, 1] as [UInt32] {
        text.append(alphabet[Int(number / divisor % 85)])
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The bytes of a text; nil for a length that is no multiple of five, or a foreign character.
  package static func decode(_ text: String) -> [UInt8]? {
    let characters = Array(text.utf8)
    guard characters.count.isMultiple(of: 5) else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(characters.count / 5 * 4)
    for start in stride(from: 0, to: characters.count, by: 5) {
      var number: UInt64 = 0
      for character in characters[start..<(start + 5)] {
        guard let value = values[Int(character)] else { return nil }
        number = number * 85 + UInt64(value)
      }
      // Five characters can say more than four bytes can hold.
      guard let word = UInt32(exactly: number) else { return nil }
      for shift in [24, 16, 8, 0] as [UInt32] {
        bytes.append(UInt8(truncatingIfNeeded: word >> shift))
      }
    }
    return bytes
  }

  /// The string in a C buffer that ends with a zero.
  static func text(_ buffer: [CChar]) -> String {
    String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
