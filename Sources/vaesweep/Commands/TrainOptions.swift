import ArgumentParser
import VAE

/// Every train key as a flag, in kebab case.
struct TrainOptions: ParsableArguments {
  @Flag(inversion: .prefixedNo, help: "Sample z; without it z = μ and the KL term is ½ Σ μ².")
  var sampling = true
  @Option(help: "Passes over the training images (default: 50).") var epochs: Int?
  @Option(help: "Images per step (default: 128).") var batchSize: Int?
  @Option(help: "adam, rmsprop or sgd (default: adam).") var optimizer: String?
  @Option(help: "Step size (default: 0.001).") var learningRate: Double?
  @Option(help: "Decay of Adam's first moment (default: 0.9).") var beta1: Double?
  @Option(help: "Decay of Adam's second moment (default: 0.999).") var beta2: Double?
  @Option(help: "Decay of RMSprop's mean square (default: 0.9).") var rho: Double?
  @Option(help: "Momentum of SGD (default: 0.9).") var momentum: Double?
  @Option(help: "Added outside the root by Adam and RMSprop (default: 1e-8).") var epsilon: Double?
  @Option(help: "glorot_uniform, he_normal or torch_linear (default: glorot_uniform).")
  var initializer: String?
  @Option(help: "relu, tanh, sigmoid or elu (default: relu).") var activation: String?
  @Option(help: "bce or mse (default: bce).") var loss: String?
  @Option(help: "Weight of the KL term (default: 1).") var klWeight: Double?
  @Option(help: "Use only the first N training images (default: none).") var limit: String?

  /// What was given, as the sweep file would give it.
  var values: [TrainKey: ParameterValue] {
    var values: [TrainKey: ParameterValue] = [.sampling: .bool(sampling)]
    func set(_ key: TrainKey, _ value: ParameterValue?) { if let value { values[key] = value } }
    set(.epochs, epochs.map { .int($0) })
    set(.batchSize, batchSize.map { .int($0) })
    set(.optimizer, optimizer.map { .string($0) })
    set(.learningRate, learningRate.map { .double($0) })
    set(.beta1, beta1.map { .double($0) })
    set(.beta2, beta2.map { .double($0) })
    set(.rho, rho.map { .double($0) })
    set(.momentum, momentum.map { .double($0) })
    set(.epsilon, epsilon.map { .double($0) })
    set(.initializer, initializer.map { .string($0) })
    set(.activation, activation.map { .string($0) })
    set(.loss, loss.map { .string($0) })
    set(.klWeight, klWeight.map { .double($0) })
    set(.limit, limit.map { text in Int(text).map { .int($0) } ?? .string(text) })
    return values
  }

  /// The configuration that was asked for; a key that does not apply to the optimiser is an error.
  func configuration(_ architecture: Architecture) throws(InvalidValue) -> Configuration {
    let configuration = try Configuration(architecture: architecture, values)
    for key in values.keys.sorted(by: { $0.rawValue < $1.rawValue }) where configuration[key] == nil
    {
      throw InvalidValue(
        key: key.rawValue, value: values[key]?.description ?? "",
        expected: "left out: it does not apply to \(configuration.optimizer.name)")
    }
    return configuration
  }
}
