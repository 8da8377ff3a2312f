extension TrainKey {
  /// What values a key has.
  package enum Kind: Sendable {
    case flag
    case whole(ClosedRange<Int>)
    /// `none`, or a whole number from this one on.
    case wholeOrNone(from: Int)
    case real(RealRange)
    case choice([String])
    /// `none`, or a text of its own form.
    case text(TextForm)
  }

  /// A text that says more than one number.
  package struct TextForm: Sendable {
    /// What is accepted, as the end of "it must be …".
    package let words: String
    /// A regular expression that every accepted text matches, and most others do not.
    package let pattern: String
    /// The one form that equal texts share; nil where the text is none of this form.
    package let canonical: @Sendable (String) -> String?
    /// What of an accepted text has a consequence in a run of so many epochs; nil where nothing has.
    ///
    /// Is nil itself where a text means the same in every run.
    package let effective: (@Sendable (_ text: String, _ epochs: Int) -> String?)?

    package static let schedule = TextForm(
      words:
        "none or up to \(LearningRateSchedule.maxPieces) factors above 0 with ascending epochs below "
        + "\(Configuration.maxEpochs), such as 0.5@10 0.1@20",
      pattern: "^ *[0-9.eE+-]+@[0-9]+( +[0-9.eE+-]+@[0-9]+)* *$",
      canonical: { LearningRateSchedule(parsing: $0)?.description },
      effective: { LearningRateSchedule(parsing: $0)?.effective(epochs: $1)?.description })

    package static let perturbation = TextForm(
      words: "none or WEIGHT@EPOCH with an epoch below \(Configuration.maxEpochs), such as 406@0",
      pattern: "^[0-9]+@[0-9]+$",
      canonical: { Perturbation(parsing: $0)?.description }, effective: nil)
  }

  /// The range of a real number, which holds in single precision too: training computes in it.
  package enum RealRange: Sendable {
    case aboveZero
    case fromZero
    case fromZeroBelowOne

    func contains(_ number: Double) -> Bool {
      switch self {
      case .aboveZero: number > 0 && number.isFinite
      case .fromZero: number >= 0 && number.isFinite
      case .fromZeroBelowOne: number >= 0 && number < 1
      }
    }

    var words: String {
      switch self {
      case .aboveZero: "above 0"
      case .fromZero: "0 or more"
      case .fromZeroBelowOne: "0 or more and below 1"
      }
    }
  }

  /// Where a value comes from, which decides how strictly it is judged.
  package enum ValueOrigin: Sendable {
    /// A sweep file or a flag.
    case user
    /// A store or another process: a point that was accepted once, perhaps by an earlier version.
    case record
  }

  /// The value in the one form that equal values share: `1` is `1.0`, and `-0.0` is `0.0`.
  ///
  /// - Throws: Where it is of another kind, or out of range.
  package func checked(_ value: ParameterValue, from origin: ValueOrigin = .user)
    throws(InvalidValue) -> ParameterValue
  {
    switch (kind, value) {
    case (.flag, .bool): return value
    case (.whole(let range), .int(let number)) where range.contains(number): return value
    case (.wholeOrNone, .null), (.wholeOrNone, .string("none")): return .null
    case (.text, .null), (.text, .string("none")): return .null
    case (.wholeOrNone(let least), .int(let number)) where number >= least: return value
    case (.choice(let names), .string(let name)) where names.contains(name): return value
    case (.text(let form), .string(let text)):
      guard let canonical = form.canonical(text) else { throw refusal(of: value, expected) }
      return .string(canonical)
    case (.real(let range), .int(let number)):
      return .double(try checked(Double(number), in: range, value, origin))
    case (.real(let range), .double(let number)):
      return .double(try checked(number, in: range, value, origin))
    default: throw refusal(of: value, expected)
    }
  }

  /// What a text of one word means: a number where it reads as one, as the key itself says what it accepts.
  package func value(reading text: String) -> ParameterValue {
    switch kind {
    case .flag: Bool(text).map { .bool($0) } ?? .string(text)
    case .choice, .text: .string(text)
    case .whole, .wholeOrNone:
      (Int(text) ?? Double(text).flatMap { Int(exactly: $0) }).map { .int($0) } ?? .string(text)
    case .real: Double(text).map { .double($0) } ?? .string(text)
    }
  }

  /// Whether how long a run is decides what a value comes to in it.
  package var dependsOnEpochs: Bool {
    if case .text(let form) = kind { form.effective != nil } else { false }
  }

  /// What a value, in its one form, comes to in a run of so many epochs: values that train alike come
  /// to the same.
  package func effective(_ value: ParameterValue, epochs: Int) -> ParameterValue {
    guard case .string(let text) = value, case .text(let form) = kind,
      let effective = form.effective
    else { return value }
    return effective(text, epochs).map(ParameterValue.string) ?? .null
  }

  private func checked(
    _ number: Double, in range: RealRange, _ written: ParameterValue, _ origin: ValueOrigin
  ) throws(InvalidValue) -> Double {
    guard range.contains(number) else { throw refusal(of: written, expected) }
    // −0 and 0 train alike and must not make two keys.
    guard number != 0 else { return 0 }
    let single = Float(number)
    let isKept = single != 0 && range.contains(Double(single))
    guard isKept || origin == .record else {
      let there = single.isInfinite ? "infinite" : single == 0 ? "0" : "\(single)"
      throw refusal(of: written, "\(expected), in single precision too, where this is \(there)")
    }
    return number
  }

  /// What is accepted, as the end of "it must be …".
  package var expected: String {
    switch kind {
    case .flag: "true or false"
    case .whole(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .wholeOrNone(let least): "none or a whole number of \(least) or more"
    case .real(let range): "a number, \(range.words)"
    case .choice(let names): "one of \(names.joined(separator: ", "))"
    case .text(let form): form.words
    }
  }

  private func refusal(of value: ParameterValue, _ expected: String) -> InvalidValue {
    InvalidValue(key: rawValue, value: value.description, expected: expected)
  }
}
