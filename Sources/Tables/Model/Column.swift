/// One column of a table.
package struct Column: Hashable, Sendable, ExpressibleByStringLiteral {
  package enum Alignment: Hashable, Sendable {
    case left
    case right
  }

  /// In snake case: the name in JSON and CSV.
  package var name: String
  /// What stands above it for a person; the name where there is none.
  package var title: String
  /// Stands after the title in brackets.
  package var unit: String?
  package var alignment: Alignment
  /// Digits after the point of its numbers, for a person.
  package var decimals: Int?

  package init(
    _ name: String, title: String? = nil, unit: String? = nil, alignment: Alignment = .left,
    decimals: Int? = nil
  ) {
    self.name = name
    self.title = title ?? name
    self.unit = unit
    self.alignment = alignment
    self.decimals = decimals
  }

  package init(stringLiteral name: String) { self.init(name) }

  /// A column of numbers: aligned to the right.
  package static func number(
    _ name: String, title: String? = nil, unit: String? = nil, decimals: Int? = nil
  ) -> Column {
    Column(name, title: title, unit: unit, alignment: .right, decimals: decimals)
  }

  package var heading: String { unit.map { "\(title) (\($0))" } ?? title }
}
