extension JSONValue {
  /// The canonical form of RFC 8785 (JCS): members sorted by UTF-16 code units, no white space,
  /// numbers as ECMAScript prints them.
  ///
  /// Equal values give equal bytes, on every machine.
  package var canonical: String {
    var text = ""
    write(to: &text, sorted: true)
    return text
  }

  /// One line, members in their own order.
  package var compact: String {
    var text = ""
    write(to: &text, sorted: false)
    return text
  }

  /// Indented by two spaces, members in their own order; arrays of plain values on one line.
  package var pretty: String {
    var text = ""
    writePretty(to: &text, indent: "")
    return text
  }

  private func write(to text: inout String, sorted: Bool) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .int(let value): text += String(value)
    case .number(let value): text += Self.format(value)
    case .string(let value): Self.quote(value, into: &text)
    case .array(let elements):
      text += "["
      for (index, element) in elements.enumerated() {
        if index > 0 { text += "," }
        element.write(to: &text, sorted: sorted)
      }
      text += "]"
    case .object(let members):
      let ordered =
        sorted
        ? members.sorted { $0.name.utf16.lexicographicallyPrecedes($1.name.utf16) } : members
      text += "{"
      for (index, member) in ordered.enumerated() {
        if index > 0 { text += "," }
        Self.quote(member.name, into: &text)
        text += ":"
        member.value.write(to: &text, sorted: sorted)
      }
      text += "}"
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
        text += (index > 0 ? ",\n" : "\n") + inner
        Self.quote(member.name, into: &text)
        text += ": "
        member.value.writePretty(to: &text, indent: inner)
      }
      text += "\n" + indent + "}"
    default:
      write(to: &text, sorted: false)
    }
  }

  private var isContainer: Bool {
    switch self {
    case .array, .object: true
    default: false
    }
  }

  private static func quote(_ string: String, into text: inout String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case "\u{8}": text += "\\b"
      case "\u{c}": text += "\\f"
      case "\u{0}"..."\u{1f}":
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }

  /// A finite number as ECMAScript's `Number::toString` prints it (ECMA-262, 6.1.6.1.20): the
  /// fewest digits that read back as the same double.
  ///
  /// A number that is not finite becomes null.
  static func format(_ number: Double) -> String {
    guard number.isFinite else { return "null" }
    guard number != 0 else { return "0" }
    // Swift prints the same shortest digits, but lays them out in its own way.
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
