/// A value that cannot be used, with what would be accepted instead.
///
/// It knows neither file nor line: whoever read the value adds where it stood.
package struct InvalidValue: Error, Hashable, Sendable, CustomStringConvertible {
  /// The key the value was meant for, in snake case, as in the sweep file.
  package let key: String
  /// The value as it was written.
  package let value: String
  /// What is accepted, as the end of a sentence: "must be …".
  package let expected: String

  package init(key: String, value: String, expected: String) {
    self.key = key
    self.value = value
    self.expected = expected
  }

  package var description: String { "\(key): \(value) is not accepted: it must be \(expected)" }
}
