import Foundation
package import Sweep

/// One value of a table: what a program reads, and how a person sees it.
package enum Cell: Hashable, Sendable {
  /// No value: `–` for a person, null in JSON, nothing in CSV.
  case empty
  case text(String)
  case integer(Int)
  case number(Double)
  case flag(Bool)
  /// A value that is shown in words of its own, such as `20/20` or `151.2 ± 0.3`.
  case value(JSONValue, shown: String)

  /// A number, or nothing where there is none or it is not finite.
  package init(_ number: Double?) {
    if let number, number.isFinite { self = .number(number) } else { self = .empty }
  }

  package init(_ integer: Int?) { self = integer.map(Cell.integer) ?? .empty }
  package init(_ text: String?) { self = text.map(Cell.text) ?? .empty }

  /// A JSON value as it is; text without its quotes, a list as `a, b`.
  package init(json: JSONValue) {
    switch json {
    case .null: self = .empty
    case .bool(let flag): self = .flag(flag)
    case .int(let integer): self = .integer(integer)
    case .number(let number): self = Cell(number)
    case .string(let text): self = .text(text)
    case .array(let elements):
      let shown = elements.map { Cell(json: $0).shown() }.joined(separator: ", ")
      self = .value(json, shown: "[\(shown)]")
    case .object: self = .value(json, shown: json.compact)
    }
  }

  /// The value for JSON.
  package var json: JSONValue {
    switch self {
    case .empty: .null
    case .text(let text): .string(text)
    case .integer(let integer): .int(integer)
    case .number(let number): JSONValue(number)
    case .flag(let flag): .bool(flag)
    case .value(let json, _): json
    }
  }

  /// The value for a person.
  ///
  /// Numbers have `decimals` digits after the point, else the fewest that read back the same.
  /// Control characters are escaped: no cell can move the cursor.
  package func shown(decimals: Int? = nil) -> String {
    switch self {
    case .empty: "–"
    case .text(let text), .value(_, let text): text.withoutControls
    case .integer, .flag: json.compact
    case .number(let number):
      decimals.map { number.shown(decimals: $0) } ?? json.compact
    }
  }
}

extension String {
  /// On one line: control characters are escaped, so that no text can move the cursor.
  package var withoutControls: String {
    var printable = ""
    for scalar in unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator:
        printable += scalar == "\n" || scalar == "\t" ? " " : scalar.escaped(asASCII: true)
      default: printable.unicodeScalars.append(scalar)
      }
    }
    return printable
  }
}

extension Cell: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByNilLiteral
{
  package init(stringLiteral value: String) { self = .text(value) }
  package init(integerLiteral value: Int) { self = .integer(value) }
  package init(floatLiteral value: Double) { self = .number(value) }
  package init(booleanLiteral value: Bool) { self = .flag(value) }
  package init(nilLiteral: ()) { self = .empty }
}

extension Double {
  /// The number with a fixed number of digits after the point.
  package func shown(decimals: Int) -> String {
    guard isFinite else { return "–" }
    return String(format: "%.\(max(0, min(decimals, 17)))f", self)
  }
}
