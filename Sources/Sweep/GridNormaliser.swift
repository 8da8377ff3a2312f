import VAE

/// Checks each value of each axis and brings it into the one form that lookups compare.
struct GridNormaliser {
  private let train: [TrainKey: ParameterValue]
  /// Every optimiser that some point of the grid uses.
  private let optimizers: [ParameterValue]

  init(axes: [GridAxis], train: [TrainKey: ParameterValue]) {
    self.train = train
    var optimizers: [ParameterValue] = []
    for axis in axes where axis.key == .train(.optimizer) {
      guard case .list(let values) = axis.values else { continue }
      for case .parameter(let value) in values { optimizers.append(value) }
    }
    self.optimizers = optimizers.isEmpty ? [train[.optimizer] ?? .string("adam")] : optimizers
  }

  func axis(_ axis: GridAxis) throws(InvalidValue) -> GridAxis {
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

  func exclusion(_ exclusion: [GridKey: GridValue], axes: [GridAxis]) throws(InvalidValue)
    -> [GridKey: GridValue]
  {
    var normalised: [GridKey: GridValue] = [:]
    for (key, value) in exclusion {
      guard let axis = axes.first(where: { $0.key == key }) else {
        throw InvalidValue(
          key: key.description, value: "\(value), under exclude:",
          expected: "the name of an axis of the grid")
      }
      let value = try self.value(value, of: key)
      guard axis.position(of: value) != nil else {
        throw InvalidValue(
          key: key.description, value: "\(value), under exclude:",
          expected: "a value that stands on that axis")
      }
      normalised[key] = value
    }
    return normalised
  }

  /// Builds a configuration around the value, once per optimiser, and reads it back.
  func value(_ value: GridValue, of key: GridKey) throws(InvalidValue) -> GridValue {
    guard case .train(let trainKey) = key, case .parameter(let parameter) = value else {
      if case .latentDim(let latentDim) = value {
        _ = try Architecture(hidden: [1], latentDim: latentDim)
      }
      if case .hidden(let hidden) = value { _ = try Architecture(hidden: hidden, latentDim: 1) }
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
    guard let normalised else {
      throw InvalidValue(
        key: trainKey.rawValue, value: parameter.description,
        expected:
          "left out: it applies to no optimizer of this grid "
          + "(\(optimizers.map(\.description).joined(separator: ", ")))")
    }
    return .parameter(normalised)
  }
}
