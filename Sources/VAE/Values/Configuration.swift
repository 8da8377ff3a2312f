/// Everything that defines a training run except its seeds and its data.
package struct Configuration: Hashable, Sendable {
  /// An outcome with its history travels in one message of at most 1 MiB.
  package static let maxEpochs = 10_000

  package let architecture: Architecture
  /// Every train key that applies, in the order of the catalogue, at its effective value.
  package let settings: [Setting]

  /// A train key and its effective value.
  package struct Setting: Hashable, Sendable {
    package let key: TrainKey
    package let value: ParameterValue

    /// Whether the run is as it was before the catalogue had this key.
    package var isLeftOutOfKey: Bool { !key.entersKeyAtDefault && value == key.defaultValue }

    // Where values are alike their keys are: most of the time that hashing takes is saved.
    package func hash(into hasher: inout Hasher) { hasher.combine(value) }
  }

  /// Checks `values` and fills in the defaults.
  ///
  /// A key that does not apply (`rho` with Adam) is dropped: two configurations that train alike are
  /// equal.
  package init(
    architecture: Architecture, _ values: [TrainKey: ParameterValue],
    from origin: TrainKey.ValueOrigin = .user
  ) throws(InvalidValue) {
    func effective(_ key: TrainKey) throws(InvalidValue) -> ParameterValue {
      guard let value = values[key] else { return key.defaultValue }
      return try key.checked(value, from: origin)
    }
    let optimizer = try effective(.optimizer)
    let name = OptimizerName(rawValue: optimizer.description) ?? .adam
    var applying: [Setting] = []
    let keys = TrainKey.allCases
    applying.reserveCapacity(keys.count)
    for key in keys where key.applies(to: name) {
      applying.append(Setting(key: key, value: try effective(key)))
    }
    self.architecture = architecture
    settings = applying
  }

  /// The effective value of `key`, or nil where it does not apply to this optimiser.
  package subscript(key: TrainKey) -> ParameterValue? {
    settings.first { $0.key == key }?.value
  }

  /// Every key that applies, with its effective value.
  package var values: [TrainKey: ParameterValue] {
    Dictionary(settings.map { ($0.key, $0.value) }) { first, _ in first }
  }
}

// What a key is to the maths. A key that does not apply is at its default.
extension Configuration {
  func flag(_ key: TrainKey) -> Bool { (self[key] ?? key.defaultValue) == .bool(true) }

  func whole(_ key: TrainKey) -> Int? {
    if case .int(let value) = self[key] ?? key.defaultValue { value } else { nil }
  }

  func real(_ key: TrainKey) -> Double {
    if case .double(let value) = self[key] ?? key.defaultValue { value } else { 0 }
  }

  func text(_ key: TrainKey) -> String? {
    if case .string(let value) = self[key] ?? key.defaultValue { value } else { nil }
  }

  func choice<Choice: RawRepresentable<String>>(_ key: TrainKey, _ usual: Choice) -> Choice {
    Choice(rawValue: (self[key] ?? key.defaultValue).description) ?? usual
  }

  /// Whether z is sampled.
  ///
  /// Without it z = μ, there is no σ head, and the KL term is ½ Σ μ².
  package var sampling: Bool { flag(.sampling) }
  package var epochs: Int { whole(.epochs) ?? 1 }
  package var batchSize: Int { whole(.batchSize) ?? 1 }
  package var initializer: Initializer { choice(.initializer, .glorotUniform) }
  package var activation: Activation { choice(.activation, .relu) }
  package var loss: ReconstructionLoss { choice(.loss, .bce) }
  package var klWeight: Double { real(.klWeight) }
  /// Use only the first `limit` training images; nil means all of them.
  package var limit: Int? { whole(.limit) }
  package var binarization: Binarization { choice(.binarize, .none) }
  /// Epochs.
  package var klWarmup: Int { whole(.klWarmup) ?? 0 }
  package var klCycles: Int { whole(.klCycles) ?? 0 }
  /// Nats per latent.
  package var freeBits: Double { real(.freeBits) }
  package var schedule: LearningRateSchedule? { text(.schedule).flatMap { .init(parsing: $0) } }
  package var perturbation: Perturbation? { text(.perturb).flatMap { .init(parsing: $0) } }
}
