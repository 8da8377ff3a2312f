/// A JSON value whose objects keep the order of their members.
///
/// One type serves two ends: canonical JSON for keys and digests, readable JSON for users.
package enum JSONValue: Hashable, Sendable {
  case null
  case bool(Bool)
  case int(Int)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([Member])

  /// A name and its value within an object.
  package struct Member: Hashable, Sendable {
    package let name: String
    package let value: JSONValue

    package init(_ name: String, _ value: JSONValue) {
      self.name = name
      self.value = value
    }
  }

  /// A number, or null where there is none or it is not finite: JSON has no NaN.
  package init(_ number: Double?) {
    if let number, number.isFinite { self = .number(number) } else { self = .null }
  }

  package init(_ number: Int?) { self = number.map(JSONValue.int) ?? .null }

  package init(_ text: String?) { self = text.map(JSONValue.string) ?? .null }

  /// The value of the member `name`, or nil where this is not an object or has none.
  package subscript(name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }
}

extension JSONValue: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral {
  package init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(elements.map(Member.init))
  }

  package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
}
