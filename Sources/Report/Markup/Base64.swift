/// Base64 of RFC 4648, for what is embedded in the page.
enum Base64 {
  private static let digits = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  static func encode(_ bytes: [UInt8]) -> Markup {
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    var place = 0
    while place < bytes.count {
      let left = min(3, bytes.count - place)
      var word: UInt32 = 0
      for offset in 0..<3 {
        word = word << 8 | (offset < left ? UInt32(bytes[place + offset]) : 0)
      }
      for digit in 0..<4 {
        let shift = UInt32(18 - 6 * digit)
        text.append(digit > left ? UInt8(ascii: "=") : digits[Int(word >> shift & 63)])
      }
      place += 3
    }
    return Markup(trusted: String(decoding: text, as: UTF8.self))
  }
}
