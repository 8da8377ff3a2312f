/// Reads the number of an option, and says of another text what it must be.
///
/// For `@Option(parsing: .unconditional, transform: …)`: with `-1` behind it, an option has a value that
/// is out of range; it does not lack one.
enum NumberOption {
  static func whole<Number: FixedWidthInteger & Sendable>(_ range: ClosedRange<Number>)
    -> @Sendable (String) throws -> Number
  {
    { text in
      guard let number = Number(text), range.contains(number) else {
        // Beyond what the type holds it is a number all the same.
        let digits = text.drop { $0 == "-" || $0 == "+" }
        let isNumber = !digits.isEmpty && digits.allSatisfy { ("0"..."9").contains($0) }
        let isOpen = range.upperBound == .max && Number.isSigned
        let expected =
          isOpen
          ? "a whole number, \(range.lowerBound) or more"
          : "a whole number from \(range.lowerBound) to \(range.upperBound)"
        throw WrongArgument("\(isNumber ? "out of range: " : "")it must be \(expected)")
      }
      return number
    }
  }

  /// The three seeds of a run, and the one for all.
  static let seed = whole(UInt32.min...UInt32.max)

  static func real(_ words: String, _ accepts: @escaping @Sendable (Double) -> Bool)
    -> @Sendable (String) throws -> Double
  {
    { text in
      guard let number = Double(text), number.isFinite else {
        throw WrongArgument("it must be a number, \(words)")
      }
      guard accepts(number) else {
        throw WrongArgument("out of range: it must be a number, \(words)")
      }
      return number
    }
  }
}

struct WrongArgument: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
