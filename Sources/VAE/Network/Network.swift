package import Compute

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
  package struct Layer {
    /// Where weights and bias lie in the arena of parameters, and in those of the moments.
    package let range: Range<Int>
    /// The gradients of the whole range.
    package let gradients: UnsafeMutablePointer<Float>
    package let weights: Matrix
    package let bias: UnsafeMutablePointer<Float>
    package let weightGradient: Matrix
    package let biasGradient: UnsafeMutablePointer<Float>
  }

  package let layout: ParameterLayout
  package let settings: NetworkSettings
  /// `layout.count` floats, as are the moments.
  package let parameters: UnsafeMutablePointer<Float>
  package let firstMoments: UnsafeMutablePointer<Float>
  package let secondMoments: UnsafeMutablePointer<Float>
  let encoder: [Layer]
  let mu: Layer
  let logVar: Layer?
  let decoder: [Layer]
  let output: Layer
  private let arena: Arena

  /// `gradientsTakeTurns`: keep a layer's gradients until it is done alone (see `GradientPlaces`).
  package init(
    layout: ParameterLayout, settings: NetworkSettings, gradientsTakeTurns: Bool = false
  ) {
    self.layout = layout
    self.settings = settings
    let places = GradientPlaces(layout, takingTurns: gradientsTakeTurns)
    let arena = Arena(count: 3 * layout.count + places.count)
    let parameters = arena.take(layout.count)
    self.parameters = parameters
    firstMoments = arena.take(layout.count)
    secondMoments = arena.take(layout.count)
    let gradients = arena.take(places.count)
    self.arena = arena
    func resolve(_ layer: ParameterLayout.Layer) -> Layer {
      let start = gradients + places.start(of: layer)
      return Layer(
        range: layer.range, gradients: start, weights: layer.weights(in: parameters),
        bias: layer.bias(in: parameters),
        weightGradient: Matrix(start, rows: layer.inputs, columns: layer.outputs),
        biasGradient: start + (layer.bias - layer.weights))
    }
    encoder = layout.encoder.map(resolve)
    mu = resolve(layout.mu)
    logVar = layout.logVar.map(resolve)
    decoder = layout.decoder.map(resolve)
    output = resolve(layout.output)
  }

  /// Every layer, in the order of the layout.
  package var layers: [Layer] {
    encoder + [mu] + (logVar.map { [$0] } ?? []) + decoder + [output]
  }

  /// Applies one step of `optimizer`, the `step`-th from 1, to the parameters of one layer.
  package func update(_ layer: Layer, _ optimizer: Optimizer, step: Int) {
    let (first, count) = (layer.range.lowerBound, layer.range.count)
    let (theta, g) = (parameters + first, layer.gradients)
    let (m, v) = (firstMoments + first, secondMoments + first)
    switch optimizer {
    case .adam(let learningRate, let beta1, let beta2, let epsilon):
      adam(
        theta, g, m, v, count: count,
        AdamStep(
          learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon, step: step))
    case .rmsprop(let learningRate, let rho, let epsilon):
      rmsprop(
        theta, g, v, count: count, learningRate: Float(learningRate), rho: Float(rho),
        epsilon: Float(epsilon))
    case .sgd(let learningRate, let momentum):
      sgd(
        theta, g, m, count: count, learningRate: Float(learningRate), momentum: Float(momentum))
    }
  }
}
