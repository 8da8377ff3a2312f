import Compute
import Testing
import VAE

private struct OptimizerGolden: Decodable {
  var start: [Float]
  var gradients: [[Float]]
  var after: [String: [[Double]]]
}

private struct CurveGolden: Decodable {
  var learningRate: Double
  var losses: [Double]
}

struct OptimizerTests {
  @Test(
    "every optimiser's steps meet PyTorch",
    arguments: [
      Optimizer.adam(learningRate: 0.002, beta1: 0.8, beta2: 0.99, epsilon: 1e-7),
      .rmsprop(learningRate: 0.002, rho: 0.85, epsilon: 1e-7),
      .sgd(learningRate: 0.002, momentum: 0.7),
    ])
  func steps(optimizer: Optimizer) throws {
    let golden = try golden("optimizers", as: OptimizerGolden.self)
    let expected = try #require(golden.after[optimizer.name])
    let network = Network(
      layout: ParameterLayout(inputSize: 1, hidden: [8], latentDim: 1, sampling: false),
      settings: NetworkSettings(activation: .relu, loss: .bce, klWeight: 1))
    let layer = try #require(network.layers.first)
    for (i, value) in golden.start.enumerated() { layer.weights.base[i] = value }
    for (step, gradient) in golden.gradients.enumerated() {
      for (i, value) in gradient.enumerated() { layer.gradients[i] = value }
      network.update(layer, optimizer, step: step + 1)
      for (i, value) in expected[step].enumerated() {
        #expect(abs(Double(layer.weights.base[i]) - value) < 2e-7 * max(1, abs(value)))
      }
    }
  }

  @Test("Adam in registers of sixteen floats gives the bits of registers of eight")
  func wideAdam() {
    let count = 1_048
    func steps(wide: Bool) -> [UInt32] {
      let arena = Arena(count: 4 * 1_056)
      let (theta, g) = (arena.take(count), arena.take(count))
      let (m, v) = (arena.take(count), arena.take(count))
      for t in 1...5 {
        for i in 0..<count { g[i] = Float((i * 37 + t * 11) % 64 - 31) / 97 }
        adam(
          theta, g, m, v, count: count,
          AdamStep(learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, step: t),
          wide: wide)
      }
      return [theta, m, v].flatMap { values in (0..<count).map { values[$0].bitPattern } }
    }
    #expect(steps(wide: false) == steps(wide: WideVectors.areAvailable))
  }

  @Test("the losses of 1,000 Adam steps of a tiny net follow PyTorch's")
  func thousandSteps() throws {
    let curve = try golden("losses", as: CurveGolden.self)
    let golden = try golden("gradients", as: GradientGolden.self)
    let network = golden.network(.relu, .bce, sampling: true)
    let batch = ImageBatch(
      capacity: golden.batchSize, inputSize: golden.inputSize,
      form: .sparse(maxPerImage: golden.inputSize), withGradient: true)
    let workspace = Workspace(
      layout: network.layout, capacity: golden.batchSize, withGradient: true)
    var worst = 0.0
    for (step, expected) in curve.losses.enumerated() {
      golden.load(batch, from: step * golden.batchSize % golden.images)
      workspace.setNoise(golden.fixedNoise(step: step, count: golden.batchSize * golden.latentDim))
      let sums = lossAndGradients(network, batch, workspace) { layer in
        network.update(
          layer, .adam(learningRate: curve.learningRate, beta1: 0.9, beta2: 0.999, epsilon: 1e-8),
          step: step + 1)
      }
      let loss = (sums.reconstruction + golden.klWeight * sums.kl) / Double(golden.batchSize)
      worst = max(worst, abs(loss - expected) / expected)
    }
    #expect(worst < 1e-3)
  }
}
