/// Bytes as hexadecimal digits, two for each.
enum Hexadecimal {
  private static let digits = Array("0123456789abcdef".utf8)

  /// In lower case.
  static func encode(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    text.reserveCapacity(2 * bytes.count)
    for byte in bytes { text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
    return String(decoding: text, as: UTF8.self)
  }

  /// In either case; nil for anything that is not pairs of digits.
  static func decode(_ text: String) -> [UInt8]? {
    var nibbles: [UInt8] = []
    for character in text.utf8 {
      switch character {
      case 48...57: nibbles.append(character - 48)
      case 97...102: nibbles.append(character - 87)
      case 65...70: nibbles.append(character - 55)
      default: return nil
      }
    }
    guard nibbles.count.isMultiple(of: 2) else { return nil }
    return stride(from: 0, to: nibbles.count, by: 2).map { nibbles[$0] << 4 | nibbles[$0 + 1] }
  }
}
