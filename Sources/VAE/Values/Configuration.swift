/// The initial distribution of weights and biases.
package enum Initializer: String, CaseIterable, Hashable, Sendable {
  /// U(±√(6 / (fan_in + fan_out))), biases zero (Glorot & Bengio 2010; the Keras default).
  case glorotUniform = "glorot_uniform"
  /// N(0, 2 / fan_in), biases zero (He et al. 2015).
  case heNormal = "he_normal"
  /// U(±1 / √fan_in) for weights and biases (the default of `torch.nn.Linear`).
  case torchLinear = "torch_linear"
}

/// The nonlinearity of every hidden layer.
package enum Activation: String, CaseIterable, Hashable, Sendable {
  case relu
  case tanh
  case sigmoid
  case elu
}

/// The reconstruction loss of one image, in nats.
package enum ReconstructionLoss: String, CaseIterable, Hashable, Sendable {
  /// Binary cross-entropy on logits, summed over pixels.
  case bce
  /// Half the squared error, summed over pixels.
  case mse
}

/// An optimiser with the hyper-parameters that apply to it; all are bias-free of schedules.
package enum Optimizer: Hashable, Sendable {
  /// Adam (Kingma & Ba 2015), bias-corrected, epsilon outside the root.
  case adam(learningRate: Double, beta1: Double, beta2: Double, epsilon: Double)
  /// Uncentred RMSprop, epsilon outside the root.
  case rmsprop(learningRate: Double, rho: Double, epsilon: Double)
  /// Stochastic gradient descent with momentum: v ← m·v + g, θ ← θ − lr·v.
  case sgd(learningRate: Double, momentum: Double)

  /// The name it has in a sweep file.
  package var name: String {
    switch self {
    case .adam: "adam"
    case .rmsprop: "rmsprop"
    case .sgd: "sgd"
    }
  }
}

/// Everything that defines a training run except its seeds and its data.
package struct Configuration: Hashable, Sendable {
  /// An outcome with its history travels in one message of at most 1 MiB.
  package static let mostEpochs = 10_000

  package let architecture: Architecture
  /// Whether z is sampled.
  ///
  /// Without it z = μ, there is no σ head, and the KL term is ½ Σ μ².
  package let sampling: Bool
  package let epochs: Int
  package let batchSize: Int
  package let optimizer: Optimizer
  package let initializer: Initializer
  package let activation: Activation
  package let loss: ReconstructionLoss
  package let klWeight: Double
  /// Use only the first `limit` training images; nil means all of them.
  package let limit: Int?

  /// Checks `values` and fills in the defaults.
  ///
  /// A key that does not apply (`rho` with Adam) is dropped: two configurations that train alike are
  /// equal.
  package init(architecture: Architecture, _ values: [TrainKey: ParameterValue])
    throws(InvalidValue)
  {
    let read = ParameterReader(values)
    self.architecture = architecture
    sampling = try read.bool(.sampling, default: true)
    epochs = try read.int(.epochs, in: 1...Self.mostEpochs, default: 50)
    batchSize = try read.int(.batchSize, in: 1...100_000, default: 128)
    initializer = try read.choice(.initializer, default: .glorotUniform)
    activation = try read.choice(.activation, default: .relu)
    loss = try read.choice(.loss, default: .bce)
    klWeight = try read.double(.klWeight, "0 or more", default: 1) { $0 >= 0 }
    limit = try read.limit()
    optimizer = try read.optimizer()
  }

  /// The effective value of `key`, or nil where it does not apply to this optimiser.
  package subscript(key: TrainKey) -> ParameterValue? {
    switch key {
    case .sampling: .bool(sampling)
    case .epochs: .int(epochs)
    case .batchSize: .int(batchSize)
    case .optimizer: .string(optimizer.name)
    case .initializer: .string(initializer.rawValue)
    case .activation: .string(activation.rawValue)
    case .loss: .string(loss.rawValue)
    case .klWeight: .double(klWeight)
    case .limit: limit.map { .int($0) } ?? ParameterValue.none
    case .learningRate, .beta1, .beta2, .rho, .momentum, .epsilon:
      optimizer[key].map { .double($0) }
    }
  }

  /// Every key that applies, with its effective value.
  package var values: [TrainKey: ParameterValue] {
    var values: [TrainKey: ParameterValue] = [:]
    for key in TrainKey.allCases { values[key] = self[key] }
    return values
  }
}

extension Optimizer {
  /// The effective value of one of the optimiser's own keys, or nil where it does not apply.
  package subscript(key: TrainKey) -> Double? {
    switch (self, key) {
    case (.adam(let rate, _, _, _), .learningRate), (.rmsprop(let rate, _, _), .learningRate),
      (.sgd(let rate, _), .learningRate):
      rate
    case (.adam(_, let beta1, _, _), .beta1): beta1
    case (.adam(_, _, let beta2, _), .beta2): beta2
    case (.adam(_, _, _, let epsilon), .epsilon), (.rmsprop(_, _, let epsilon), .epsilon): epsilon
    case (.rmsprop(_, let rho, _), .rho): rho
    case (.sgd(_, let momentum), .momentum): momentum
    default: nil
    }
  }
}

/// The three seeds of a point; `seed: s` in a sweep file sets all of them to s.
package struct Seeds: Hashable, Sendable {
  /// Initial weights.
  package let initialization: UInt32
  /// Order of the training images within each epoch.
  package let order: UInt32
  /// The ε of z = μ + σ·ε during training.
  package let noise: UInt32

  package init(initialization: UInt32, order: UInt32, noise: UInt32) {
    self.initialization = initialization
    self.order = order
    self.noise = noise
  }

  package init(_ seed: UInt32) { self.init(initialization: seed, order: seed, noise: seed) }
}
