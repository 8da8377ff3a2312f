import VAE

extension Node {
  /// The value of a scalar by the core schema of YAML 1.2.2 (section 10.3.2), decimal only.
  ///
  /// Yams resolves by YAML 1.1, where `1e-3` is text, `no` is false, `010` is eight and
  /// `2024-01-01` a date; so its tags are not asked. Only `true` and `false` are booleans; a
  /// number with an underscore or a leading zero stays text and is refused where a number is due.
  /// nil where this is no scalar.
  var parameter: ParameterValue? {
    guard case .scalar(let scalar) = self else { return nil }
    let text = scalar.string
    guard scalar.isPlain else { return .string(text) }
    if isNull { return .null }
    switch text {
    case "true", "True", "TRUE": return .bool(true)
    case "false", "False", "FALSE": return .bool(false)
    default: break
    }
    guard text.isDecimalNumber else { return .string(text) }
    if let whole = Int(text) { return .int(whole) }
    guard let number = Double(text) else { return .string(text) }
    // Too small for any number here: as 0 it would be another than was written.
    let isLost = number == 0 && text.prefix { $0 != "e" && $0 != "E" }.contains { "1"..."9" ~= $0 }
    return isLost ? .string(text) : .double(number)
  }

  /// A whole number written plainly, without sign or leading zero.
  var wholeNumber: Int? {
    if case .int(let value) = parameter, value >= 0, !written.hasPrefix("+") { value } else { nil }
  }
}

extension String {
  /// Whether this is `[-+]? (digits | digits . digits? | . digits) ([eE] [-+]? digits)?` with no
  /// leading zero.
  fileprivate var isDecimalNumber: Bool {
    var rest = Substring(self)
    if let sign = rest.first, sign == "-" || sign == "+" { rest.removeFirst() }
    let whole = rest.takeDigits()
    if whole.count > 1, whole.first == "0" { return false }
    var fraction = Substring()
    if rest.first == "." {
      rest.removeFirst()
      fraction = rest.takeDigits()
    }
    guard !(whole.isEmpty && fraction.isEmpty) else { return false }
    if rest.first == "e" || rest.first == "E" {
      rest.removeFirst()
      if let sign = rest.first, sign == "-" || sign == "+" { rest.removeFirst() }
      guard !rest.takeDigits().isEmpty else { return false }
    }
    return rest.isEmpty
  }
}

extension Substring {
  /// Removes and returns the ASCII digits at the beginning.
  fileprivate mutating func takeDigits() -> Substring {
    let digits = prefix { ("0"..."9").contains($0) && $0.isASCII }
    removeFirst(digits.count)
    return digits
  }
}
