/// Writes a tree as YAML that reads as the same tree.
enum YAMLWriter {
  static func text(of root: Node) -> String {
    var text = ""
    write(root, indent: 0, into: &text)
    return text
  }

  private static func write(_ node: Node, indent: Int, into text: inout String) {
    let margin = String(repeating: "  ", count: indent)
    switch node {
    case .scalar(let scalar): text += margin + written(scalar) + "\n"
    case .sequence(let items):
      for element in items {
        text += margin + "-"
        follow(element, indent: indent + 1, into: &text)
      }
    case .mapping(let pairs):
      for (key, value) in pairs {
        guard case .scalar(let name) = key else { continue }
        text += margin + written(name) + ":"
        follow(value, indent: indent + 1, into: &text)
      }
    }
  }

  /// What stands after `key:` or `-`.
  private static func follow(_ node: Node, indent: Int, into text: inout String) {
    if let short = short(node) {
      text += short.isEmpty ? "\n" : " \(short)\n"
    } else {
      text += "\n"
      write(node, indent: indent, into: &text)
    }
  }

  /// A node that fits behind its key: a scalar, or a list of plain words, or of such lists.
  private static func short(_ node: Node) -> String? {
    switch node {
    case .scalar(let scalar): return written(scalar)
    case .mapping(let pairs): return pairs.isEmpty ? "{}" : nil
    case .sequence(let items):
      var elements: [String] = []
      for element in items {
        guard let written = flow(element) else { return nil }
        elements.append(written)
      }
      return "[\(elements.joined(separator: ", "))]"
    }
  }

  private static func flow(_ node: Node) -> String? {
    switch node {
    case .scalar(let scalar): return isWord(scalar) ? scalar.string : nil
    case .mapping: return nil
    case .sequence: return short(node)
    }
  }

  /// Plain text that means the same everywhere in a document.
  private static func isWord(_ scalar: Node.Scalar) -> Bool {
    scalar.isPlain && !scalar.isTagged && !scalar.string.isEmpty
      && scalar.string.allSatisfy {
        $0.isASCII && ($0.isLetter || $0.isNumber || "+-._".contains($0))
      } && scalar.string != "-" && !scalar.string.hasPrefix("---")
      && !scalar.string.hasPrefix("...")
  }

  private static func written(_ scalar: Node.Scalar) -> String {
    if scalar.isPlain, scalar.string.isEmpty || isWord(scalar) || scalar.string == "~" {
      return scalar.string
    }
    return quoted(scalar.string)
  }

  /// In double quotes, with every character escaped that a line cannot hold.
  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      default:
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned,
          .surrogate:
          let digits = String(scalar.value, radix: 16, uppercase: true)
          quoted += "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
        default: quoted.unicodeScalars.append(scalar)
        }
      }
    }
    return quoted + "\""
  }
}
