import Sweep

/// A length of time as people write it.
struct Patience: CustomStringConvertible {
  let duration: Duration

  init(_ duration: Duration) { self.duration = duration }

  init?(_ argument: String) {
    let units = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
    let digits = argument.prefix { $0.isASCII && $0.isWholeNumber }
    let unit = String(argument.dropFirst(digits.count))
    guard let count = Int(digits), count <= 10_000_000,
      let seconds = unit.isEmpty ? 1 : units[unit]
    else { return nil }
    duration = .seconds(count * seconds)
  }

  /// For an option.
  static func read(_ text: String) throws -> Patience {
    guard let patience = Patience(text) else {
      throw WrongArgument("it must be a length of time, such as 30s, 10m or 2h")
    }
    return patience
  }

  var description: String { duration.inWords }
}
