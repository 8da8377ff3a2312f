import VAE

/// What train keys are worth where no axis sets them: what `train:` says, else their default.
struct GridDefaults: Sendable {
  /// Where no axis sets it.
  let optimizer: ParameterValue
  private let configurations: [ParameterValue: Configuration]

  /// - Parameter optimizers: All that some point may have.
  init(train: [TrainKey: ParameterValue], optimizers: some Sequence<ParameterValue>)
    throws(InvalidValue)
  {
    optimizer = train[.optimizer] ?? Self.usualOptimizer
    let shape = try Architecture(hidden: [1], latentDim: 1)
    var configurations: [ParameterValue: Configuration] = [:]
    for optimizer in Set(optimizers).union([optimizer]) {
      var values = train
      values[.optimizer] = optimizer
      configurations[optimizer] = try Configuration(architecture: shape, values)
    }
    self.configurations = configurations
  }

  /// The value of a key under an optimiser, or nil where it does not apply to it.
  func value(of key: TrainKey, under optimizer: ParameterValue) -> ParameterValue? {
    configurations[optimizer]?[key]
  }

  /// What a configuration under an optimiser has of a key where no axis sets it.
  ///
  /// The optimiser itself may be another than the one that nothing was said of.
  func unsetValue(of key: TrainKey, under optimizer: ParameterValue) -> ParameterValue? {
    key == .optimizer ? self.optimizer : value(of: key, under: optimizer)
  }

  /// Of a configuration that nothing else is said of.
  static var usualOptimizer: ParameterValue { TrainKey.optimizer.defaultValue }
}
