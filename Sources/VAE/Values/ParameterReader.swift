/// Reads checked values out of what a user wrote, with a default for each key left out.
struct ParameterReader {
  private let values: [TrainKey: ParameterValue]

  init(_ values: [TrainKey: ParameterValue]) { self.values = values }

  func bool(_ key: TrainKey, default fallback: Bool) throws(InvalidValue) -> Bool {
    switch values[key] {
    case nil: fallback
    case .bool(let value): value
    case .some(let other): throw invalid(key, other, "true or false")
    }
  }

  func int(
    _ key: TrainKey, in range: ClosedRange<Int>, default fallback: Int
  ) throws(InvalidValue) -> Int {
    guard let value = values[key] else { return fallback }
    guard case .int(let number) = value, range.contains(number) else {
      throw invalid(
        key, value, "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  func double(
    _ key: TrainKey, _ expected: String, default fallback: Double, where accepts: (Double) -> Bool
  ) throws(InvalidValue) -> Double {
    guard let value = values[key] else { return fallback }
    let number: Double? =
      switch value {
      case .double(let number): number
      case .int(let number): Double(number)
      default: nil
      }
    guard let number, number.isFinite, accepts(number) else {
      throw invalid(key, value, "a number, \(expected)")
    }
    // −0 and 0 train alike and must not make two keys.
    return number == 0 ? 0 : number
  }

  func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ key: TrainKey, default fallback: Choice
  ) throws(InvalidValue) -> Choice {
    guard let value = values[key] else { return fallback }
    guard case .string(let name) = value, let choice = Choice(rawValue: name) else {
      throw invalid(
        key, value, "one of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return choice
  }

  func limit() throws(InvalidValue) -> Int? {
    switch values[.limit] {
    case nil, .some(.none), .string("none"): nil
    case .int(let count) where count >= 1: count
    case .some(let other): throw invalid(.limit, other, "none or a whole number of 1 or more")
    }
  }

  func optimizer() throws(InvalidValue) -> Optimizer {
    let learningRate = try double(.learningRate, "above 0", default: 0.001) { $0 > 0 }
    func fraction(_ key: TrainKey, default fallback: Double) throws(InvalidValue) -> Double {
      try double(key, "0 or more and below 1", default: fallback) { $0 >= 0 && $0 < 1 }
    }
    func epsilon() throws(InvalidValue) -> Double {
      try double(.epsilon, "above 0", default: 1e-8) { $0 > 0 }
    }
    switch values[.optimizer] {
    case nil, .string("adam"):
      return .adam(
        learningRate: learningRate, beta1: try fraction(.beta1, default: 0.9),
        beta2: try fraction(.beta2, default: 0.999), epsilon: try epsilon())
    case .string("rmsprop"):
      return .rmsprop(
        learningRate: learningRate, rho: try fraction(.rho, default: 0.9), epsilon: try epsilon())
    case .string("sgd"):
      return .sgd(learningRate: learningRate, momentum: try fraction(.momentum, default: 0.9))
    case .some(let other):
      throw invalid(.optimizer, other, "one of adam, rmsprop, sgd")
    }
  }

  private func invalid(_ key: TrainKey, _ value: ParameterValue, _ expected: String) -> InvalidValue
  {
    InvalidValue(key: key.rawValue, value: value.description, expected: expected)
  }
}
