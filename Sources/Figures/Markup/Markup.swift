/// HTML or SVG text.
///
/// What is put into a literal is escaped, unless it is markup itself, so that no name from a store
/// can become markup:
///
///     let cell: Markup = "<td class=\"number\">\(name)</td>"
package struct Markup: Hashable, Sendable, ExpressibleByStringInterpolation {
  package private(set) var text: String

  package init() { text = "" }
  package init(stringLiteral literal: String) { text = literal }
  package init(stringInterpolation: Interpolation) { text = stringInterpolation.text }

  /// Takes text that is markup already, such as a style sheet of this program.
  package init(trusted text: String) { self.text = text }

  package var isEmpty: Bool { text.isEmpty }

  package struct Interpolation: StringInterpolationProtocol {
    fileprivate var text = ""

    package init(literalCapacity: Int, interpolationCount: Int) {
      text.reserveCapacity(literalCapacity + 8 * interpolationCount)
    }

    package mutating func appendLiteral(_ literal: String) { text += literal }
    package mutating func appendInterpolation(_ value: Markup) { text += value.text }
    package mutating func appendInterpolation(_ value: Int) { text += String(value) }

    /// A coordinate, to a hundredth of a pixel.
    package mutating func appendInterpolation(_ value: Double) {
      Markup.append(coordinate: value, to: &text)
    }

    package mutating func appendInterpolation(_ value: String) {
      Markup.append(escaping: value, to: &text)
    }

    package mutating func appendInterpolation(_ values: [Markup]) {
      for value in values { text += value.text }
    }
  }

  package static func += (left: inout Markup, right: Markup) { left.text += right.text }

  package static func + (left: Markup, right: Markup) -> Markup {
    var sum = left
    sum += right
    return sum
  }
}

extension Markup {
  /// Escapes what has a meaning in text and in quoted attributes; a control character, which XML
  /// forbids, becomes U+FFFD, and so does what would turn the direction of the text around it.
  private static func append(escaping value: String, to text: inout String) {
    for scalar in value.unicodeScalars {
      switch scalar {
      case "&": text += "&amp;"
      case "<": text += "&lt;"
      case ">": text += "&gt;"
      case "\"": text += "&quot;"
      case "'": text += "&#39;"
      case "\n", "\t": text.unicodeScalars.append(scalar)
      case "\u{202a}"..."\u{202e}", "\u{2066}"..."\u{2069}", "\u{fffe}", "\u{ffff}":
        text += "\u{fffd}"
      default:
        if scalar.properties.generalCategory == .control {
          text += "\u{fffd}"
        } else {
          text.unicodeScalars.append(scalar)
        }
      }
    }
  }

  /// The fewest digits of the value rounded to hundredths; 0 where it is not finite.
  static func append(coordinate value: Double, to text: inout String) {
    guard value.isFinite, abs(value) < 1e12 else {
      text += "0"
      return
    }
    let hundredths = Int((value * 100).rounded())
    if hundredths < 0 { text += "-" }
    let magnitude = hundredths.magnitude
    text += String(magnitude / 100)
    let rest = magnitude % 100
    guard rest > 0 else { return }
    text += rest < 10 ? ".0" : "."
    text += String(rest % 10 == 0 ? rest / 10 : rest)
  }
}
