import VAE

/// Checks values and brings them into the one form that lookups compare.
struct GridNormaliser {
  let train: [TrainKey: ParameterValue]
  /// Every optimiser that points with these values may have.
  let optimizers: [ParameterValue]

  func axis(_ axis: GridAxis) throws(InvalidValue) -> GridAxis {
    guard axis.count > 0 else {
      throw InvalidValue(
        key: axis.key.description, value: "an empty list", expected: "at least one value")
    }
    guard case .list(let values) = axis.values else { return axis }
    var seen: Set<GridValue> = []
    var normalised: [GridValue] = []
    for value in values {
      let value = try self.value(value, of: axis.key)
      guard seen.insert(value).inserted else {
        throw InvalidValue(
          key: axis.key.description, value: "\(value), which stands twice in the list",
          expected: "given once")
      }
      normalised.append(value)
    }
    return GridAxis(key: axis.key, values: .list(normalised))
  }

  /// The values of a term, where they need not apply to any optimiser.
  func values(of term: GridMatch.Term) throws(InvalidValue) -> GridAxis.Values {
    guard case .list(let values) = term.values else { return term.values }
    var normalised: [GridValue] = []
    for value in values { normalised.append(try read(value, of: term.key) ?? value) }
    return .list(normalised)
  }

  func value(_ value: GridValue, of key: GridKey) throws(InvalidValue) -> GridValue {
    if let read = try read(value, of: key) { return read }
    throw InvalidValue(
      key: key.description, value: value.description,
      expected:
        "left out: it applies to no optimizer of this grid "
        + "(\(optimizers.map(\.description).joined(separator: ", ")))")
  }

  /// Builds a configuration around the value, once per optimiser, and reads it back; nil where it
  /// applies to none of them.
  private func read(_ value: GridValue, of key: GridKey) throws(InvalidValue) -> GridValue? {
    switch value {
    case .latentDim(let latentDim): _ = try Architecture(hidden: [1], latentDim: latentDim)
    case .hidden(let hidden): _ = try Architecture(hidden: hidden, latentDim: 1)
    case .architecture, .seed, .parameter: break
    }
    guard case .train(let trainKey) = key, case .parameter(let parameter) = value else {
      return value
    }
    var normalised: ParameterValue?
    for optimizer in trainKey == .optimizer ? [parameter] : optimizers {
      var values = train
      values[.optimizer] = optimizer
      values[trainKey] = parameter
      let shape = try Architecture(hidden: [1], latentDim: 1)
      normalised = try Configuration(architecture: shape, values)[trainKey] ?? normalised
    }
    return normalised.map(GridValue.parameter)
  }
}
