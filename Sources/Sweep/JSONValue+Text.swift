extension JSONValue {
  /// The canonical form of RFC 8785 (JCS): members sorted by UTF-16 code units, no white space,
  /// numbers as ECMAScript prints them.
  ///
  /// Equal values give equal bytes, on every machine.
  package var canonical: String { String(decoding: canonicalBytes, as: UTF8.self) }

  /// `canonical` in UTF-8, which is what digests are taken of.
  var canonicalBytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(1024)
    write(to: &bytes, sorted: true)
    return bytes
  }

  /// One line, members in their own order.
  package var compact: String {
    var bytes: [UInt8] = []
    write(to: &bytes, sorted: false)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Indented by two spaces, members in their own order; arrays of plain values on one line.
  package var pretty: String {
    var text = ""
    writePretty(to: &text, indent: "")
    return text
  }

  private func write(to text: inout [UInt8], sorted: Bool) {
    switch self {
    case .null: text += "null".utf8
    case .bool(let value): text += (value ? "true" : "false").utf8
    case .int(let value): text += String(value).utf8
    case .number(let value): text += Self.format(value).utf8
    case .string(let value): Self.quote(value, into: &text)
    case .array(let elements):
      text.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { text.append(UInt8(ascii: ",")) }
        element.write(to: &text, sorted: sorted)
      }
      text.append(UInt8(ascii: "]"))
    case .object(let members):
      let ordered = sorted ? Self.ordered(members) : members
      text.append(UInt8(ascii: "{"))
      for (index, member) in ordered.enumerated() {
        if index > 0 { text.append(UInt8(ascii: ",")) }
        Self.quote(member.name, into: &text)
        text.append(UInt8(ascii: ":"))
        member.value.write(to: &text, sorted: sorted)
      }
      text.append(UInt8(ascii: "}"))
    }
  }

  /// The members in the order of their names.
  private static func ordered(_ members: [Member]) -> [Member] {
    // The first eight bytes nearly always decide, as one number.
    let starts = members.map { start(of: $0.name) }
    let places = members.indices.sorted { left, right in
      if let first = starts[left], let second = starts[right], first != second {
        return first < second
      }
      return precedes(members[left].name, members[right].name)
    }
    return places.map { members[$0] }
  }

  /// The first eight bytes of a name as a number that compares as they do; nil where one of them
  /// starts a character whose order differs in UTF-16.
  private static func start(of name: String) -> UInt64? {
    var start: UInt64 = 0
    var shift: UInt64 = 64
    for byte in name.utf8.prefix(8) {
      guard byte < 0xee else { return nil }
      shift -= 8
      start |= UInt64(byte) << shift
    }
    return start
  }

  /// The order of UTF-16 code units.
  ///
  /// Bytes of UTF-8 have the same one but for characters beyond U+FFFF, which start with F0 or more
  /// and in UTF-16 come before U+E000–U+FFFF, which start with EE or EF.
  private static func precedes(_ left: String, _ right: String) -> Bool {
    var (lefts, rights) = (left.utf8.makeIterator(), right.utf8.makeIterator())
    while true {
      guard let ours = lefts.next() else { return rights.next() != nil }
      guard let theirs = rights.next() else { return false }
      if ours == theirs { continue }
      guard ours >= 0xee, theirs >= 0xee else { return ours < theirs }
      return left.utf16.lexicographicallyPrecedes(right.utf16)
    }
  }

  private func writePretty(to text: inout String, indent: String) {
    let inner = indent + "  "
    switch self {
    case .array(let elements) where elements.contains(where: \.isContainer):
      text += "["
      for (index, element) in elements.enumerated() {
        text += (index > 0 ? ",\n" : "\n") + inner
        element.writePretty(to: &text, indent: inner)
      }
      text += "\n" + indent + "]"
    case .object(let members) where !members.isEmpty:
      text += "{"
      for (index, member) in members.enumerated() {
        text += (index > 0 ? ",\n" : "\n") + inner + JSONValue.string(member.name).compact + ": "
        member.value.writePretty(to: &text, indent: inner)
      }
      text += "\n" + indent + "}"
    default: text += compact
    }
  }

  private var isContainer: Bool {
    switch self {
    case .array, .object: true
    default: false
    }
  }

  private static func quote(_ string: String, into text: inout [UInt8]) {
    text.append(UInt8(ascii: "\""))
    // Every byte of a character beyond ASCII is above 0x7f: those pass as they are.
    for byte in string.utf8 {
      switch byte {
      case UInt8(ascii: "\""): text += "\\\"".utf8
      case UInt8(ascii: "\\"): text += "\\\\".utf8
      case 0x0a: text += "\\n".utf8
      case 0x0d: text += "\\r".utf8
      case 0x09: text += "\\t".utf8
      case 0x08: text += "\\b".utf8
      case 0x0c: text += "\\f".utf8
      case 0..<0x20:
        text += "\\u00".utf8
        text += (byte < 16 ? "0" : "").utf8
        text += String(byte, radix: 16).utf8
      default: text.append(byte)
      }
    }
    text.append(UInt8(ascii: "\""))
  }

  /// A finite number as ECMAScript's `Number::toString` prints it (ECMA-262, 6.1.6.1.20): the
  /// fewest digits that read back as the same double.
  ///
  /// A number that is not finite becomes null.
  static func format(_ number: Double) -> String {
    guard number.isFinite else { return "null" }
    guard number != 0 else { return "0" }
    // Swift prints the same shortest digits. From 1e-4 to 2^53 it lays them out alike, but for the
    // ".0" of whole numbers; below and above it in its own way, with an exponent.
    let printed = number.description
    let bytes = printed.utf8
    if !bytes.contains(UInt8(ascii: "e")) {
      guard bytes.suffix(2).elementsEqual(".0".utf8) else { return printed }
      return String(printed.dropLast(2))
    }
    var mantissa = Substring("\(number.magnitude)")
    var exponent = 0
    if let mark = mantissa.firstIndex(of: "e") {
      exponent = Int(mantissa[mantissa.index(after: mark)...]) ?? 0
      mantissa = mantissa[..<mark]
    }
    let parts = mantissa.split(separator: ".", omittingEmptySubsequences: false)
    let whole = parts[0]
    let fraction = parts.count > 1 ? parts[1] : ""
    var digits = Substring(whole + fraction)
    // The decimal point stands after `point` digits: value = 0.d₁d₂… · 10^point.
    var point = whole.count + exponent
    while digits.first == "0" {
      digits.removeFirst()
      point -= 1
    }
    while digits.last == "0" { digits.removeLast() }
    return (number < 0 ? "-" : "") + layOut(digits: String(digits), point: point)
  }

  private static func layOut(digits: String, point: Int) -> String {
    let count = digits.count
    func zeros(_ count: Int) -> String { String(repeating: "0", count: count) }
    if count <= point, point <= 21 { return digits + zeros(point - count) }
    if point > 0, point <= 21 { return "\(digits.prefix(point)).\(digits.dropFirst(point))" }
    if point > -6, point <= 0 { return "0." + zeros(-point) + digits }
    let exponent = point - 1
    let sign = exponent < 0 ? "-" : "+"
    let tail = count > 1 ? ".\(digits.dropFirst())" : ""
    return "\(digits.prefix(1))\(tail)e\(sign)\(abs(exponent))"
  }
}
