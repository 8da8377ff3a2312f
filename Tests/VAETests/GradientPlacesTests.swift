import Compute
import Testing
import VAE

@Suite("Gradients that take turns")
struct GradientPlacesTests {
  @Test(
    "give the bits of gradients that stay, padding included",
    arguments: [
      // One width often, the heads' among them; rows of whole cache lines and of parts.
      (hidden: [40, 40, 40], latentDim: 40), ([30, 48, 30], 20), ([16, 48], 2),
      // Rows shorter than a cache line; an output as wide as a hidden layer.
      ([8, 6, 8], 8), ([60, 12], 12), ([5], 1),
    ], [true, false])
  func bits(shape: (hidden: [Int], latentDim: Int), sampling: Bool) {
    for optimizer in [
      Optimizer.adam(learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8),
      .rmsprop(learningRate: 0.01, rho: 0.9, epsilon: 1e-7), .sgd(learningRate: 0.1, momentum: 0.9),
    ] {
      let layout = ParameterLayout(
        inputSize: 60, hidden: shape.hidden, latentDim: shape.latentDim, sampling: sampling)
      let kept = Self.parameters(layout, optimizer, gradientsTakeTurns: false)
      let turning = Self.parameters(layout, optimizer, gradientsTakeTurns: true)
      #expect(kept == turning, "\(shape), \(optimizer)")
    }
  }

  @Test("every layer is done once, the output first")
  func order() {
    let layout = ParameterLayout(
      inputSize: 60, hidden: [24, 16], latentDim: 3, sampling: true)
    var done: [Int] = []
    Self.train(Self.network(layout, gradientsTakeTurns: true), steps: 1) { layer, _ in
      done.append(layer.range.lowerBound)
    }
    #expect(done.first == layout.output.weights)
    #expect(done.sorted() == layout.layers.map(\.weights))
  }

  /// All parameters, padding included, after four steps.
  private static func parameters(
    _ layout: ParameterLayout, _ optimizer: Optimizer, gradientsTakeTurns: Bool
  ) -> [UInt32] {
    let network = network(layout, gradientsTakeTurns: gradientsTakeTurns)
    train(network, steps: 4) { layer, step in network.update(layer, optimizer, step: step) }
    return (0..<layout.count).map { network.parameters[$0].bitPattern }
  }

  private static func network(_ layout: ParameterLayout, gradientsTakeTurns: Bool) -> Network {
    let network = Network(
      layout: layout, settings: NetworkSettings(activation: .tanh, loss: .bce, klWeight: 1),
      gradientsTakeTurns: gradientsTakeTurns)
    let streams = Streams(seeds: Seeds(3), architecture: "turns")
    initialize(
      network.parameters, layout: layout, with: .torchLinear, from: streams.initialization)
    return network
  }

  private static func train(
    _ network: Network, steps: Int, layerIsDone: (Network.Layer, _ step: Int) -> Void
  ) {
    let (images, width) = (7, network.layout.inputSize)
    let pixels = (0..<images * width).map { UInt8(truncatingIfNeeded: $0 * $0 % 251) }
    let streams = Streams(seeds: Seeds(3), architecture: "turns")
    let batch = ImageBatch(capacity: images, inputSize: width, form: .dense, withGradient: true)
    let workspace = Workspace(layout: network.layout, capacity: images, withGradient: true)
    for step in 1...steps {
      pixels.withUnsafeBufferPointer { pixels in
        guard let base = pixels.baseAddress else { return }
        batch.load(base, range: 0..<images)
      }
      if network.layout.logVar != nil {
        streams.noise.fillNormal(workspace.latents.epsilon, firstRow: 0, z: UInt32(step))
      }
      _ = lossAndGradients(network, batch, workspace) { layerIsDone($0, step) }
    }
  }
}
