/// The rules of a training step, by their names in a sweep file.
package enum OptimizerName: String, CaseIterable, Hashable, Sendable {
  case adam
  case rmsprop
  case sgd
}

/// An optimiser with the hyper-parameters that apply to it; none changes during a run.
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

extension Configuration {
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
