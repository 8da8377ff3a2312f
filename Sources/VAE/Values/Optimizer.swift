/// The rules of a training step, by their names in a sweep file.
package enum OptimizerName: String, CaseIterable, Hashable, Sendable {
  case adam
  case rmsprop
  case sgd
}

/// An optimiser with the hyper-parameters that apply to it; a schedule changes its learning rate alone.
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
    case .adam: OptimizerName.adam.rawValue
    case .rmsprop: OptimizerName.rmsprop.rawValue
    case .sgd: OptimizerName.sgd.rawValue
    }
  }
}

extension Optimizer {
  /// The same with another learning rate.
  package func scaled(by factor: Double) -> Optimizer {
    switch self {
    case .adam(let learningRate, let beta1, let beta2, let epsilon):
      .adam(learningRate: factor * learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon)
    case .rmsprop(let learningRate, let rho, let epsilon):
      .rmsprop(learningRate: factor * learningRate, rho: rho, epsilon: epsilon)
    case .sgd(let learningRate, let momentum):
      .sgd(learningRate: factor * learningRate, momentum: momentum)
    }
  }
}

extension Configuration {
  /// As it is where no schedule changes its learning rate.
  package var optimizer: Optimizer {
    let learningRate = real(.learningRate)
    return switch choice(.optimizer, OptimizerName.adam) {
    case .adam:
      .adam(
        learningRate: learningRate, beta1: real(.beta1), beta2: real(.beta2),
        epsilon: real(.epsilon))
    case .rmsprop:
      .rmsprop(learningRate: learningRate, rho: real(.rho), epsilon: real(.epsilon))
    case .sgd: .sgd(learningRate: learningRate, momentum: real(.momentum))
    }
  }
}
