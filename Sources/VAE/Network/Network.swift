import Compute

/// What of a configuration the network itself depends on.
package struct NetworkSettings: Sendable {
  package var activation: Activation
  package var loss: ReconstructionLoss
  package var klWeight: Double

  package init(activation: Activation, loss: ReconstructionLoss, klWeight: Double) {
    self.activation = activation
    self.loss = loss
    self.klWeight = klWeight
  }

  package init(_ configuration: Configuration) {
    self.init(
      activation: configuration.activation, loss: configuration.loss,
      klWeight: configuration.klWeight)
  }
}

/// The parameters of a variational autoencoder with their gradients and moments, in one arena.
package final class Network {
  /// One dense layer's tensors and their gradients.
  struct Layer {
    let weights: Matrix
    let bias: UnsafeMutablePointer<Float>
    let weightGradient: Matrix
    let biasGradient: UnsafeMutablePointer<Float>
  }

  package let layout: ParameterLayout
  package let settings: NetworkSettings
  /// Each `layout.count` floats.
  package let parameters: UnsafeMutablePointer<Float>
  package let gradients: UnsafeMutablePointer<Float>
  package let firstMoments: UnsafeMutablePointer<Float>
  package let secondMoments: UnsafeMutablePointer<Float>
  let encoder: [Layer]
  let mu: Layer
  let logVar: Layer?
  let decoder: [Layer]
  let output: Layer
  private let arena: Arena

  package init(layout: ParameterLayout, settings: NetworkSettings) {
    self.layout = layout
    self.settings = settings
    let arena = Arena(count: 4 * layout.count)
    parameters = arena.take(layout.count)
    gradients = arena.take(layout.count)
    firstMoments = arena.take(layout.count)
    secondMoments = arena.take(layout.count)
    self.arena = arena
    let (parameters, gradients) = (parameters, gradients)
    func resolve(_ layer: ParameterLayout.Layer) -> Layer {
      Layer(
        weights: layer.weights(in: parameters), bias: layer.bias(in: parameters),
        weightGradient: layer.weights(in: gradients), biasGradient: layer.bias(in: gradients))
    }
    encoder = layout.encoder.map(resolve)
    mu = resolve(layout.mu)
    logVar = layout.logVar.map(resolve)
    decoder = layout.decoder.map(resolve)
    output = resolve(layout.output)
  }

  /// Applies one step of `optimizer`, the `step`-th from 1, to all parameters.
  package func update(_ optimizer: Optimizer, step: Int) {
    switch optimizer {
    case .adam(let learningRate, let beta1, let beta2, let epsilon):
      adam(
        parameters, gradients, firstMoments, secondMoments, count: layout.count,
        AdamStep(
          learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon, step: step))
    case .rmsprop(let learningRate, let rho, let epsilon):
      rmsprop(
        parameters, gradients, secondMoments, count: layout.count,
        learningRate: Float(learningRate), rho: Float(rho), epsilon: Float(epsilon))
    case .sgd(let learningRate, let momentum):
      sgd(
        parameters, gradients, firstMoments, count: layout.count,
        learningRate: Float(learningRate), momentum: Float(momentum))
    }
  }
}
