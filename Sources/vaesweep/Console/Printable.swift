extension String {
  /// The same without what could steer a terminal or feign a line: control characters and the marks
  /// that reverse the direction of writing stand as `\u{1b}`.
  ///
  /// Every line of standard error passes here, whoever's words it repeats.
  var printable: String {
    guard unicodeScalars.contains(where: \.steersTerminal) else { return self }
    var printable = ""
    for scalar in unicodeScalars {
      if scalar.steersTerminal {
        printable += scalar.escaped(asASCII: true)
      } else {
        printable.unicodeScalars.append(scalar)
      }
    }
    return printable
  }
}

extension Unicode.Scalar {
  fileprivate var steersTerminal: Bool {
    switch value {
    case 0..<0x20, 0x7f..<0xa0, 0x200e...0x200f, 0x2028...0x202e, 0x2066...0x2069: true
    default: false
    }
  }
}
