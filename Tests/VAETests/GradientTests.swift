import Compute
import Testing
import VAE

struct GradientTests {
  @Test(
    "losses and the gradient of every tensor meet PyTorch float64",
    arguments: Activation.allCases, ReconstructionLoss.allCases)
  func gradients(activation: Activation, loss: ReconstructionLoss) throws {
    let golden = try golden("gradients", as: GradientGolden.self)
    let cases = golden.cases.filter {
      $0.activation == activation.rawValue && $0.loss == loss.rawValue
    }
    #expect(cases.count == 2)
    for expected in cases {
      for form in [InputForm.dense, .sparse(maxPerImage: golden.inputSize)] {
        try check(expected, golden, activation, loss, form)
      }
    }
  }

  private func check(
    _ expected: GradientGolden.Case, _ golden: GradientGolden, _ activation: Activation,
    _ loss: ReconstructionLoss, _ form: InputForm
  ) throws {
    let network = golden.network(activation, loss, sampling: expected.sampling)
    let batch = ImageBatch(
      capacity: golden.batchSize, inputSize: golden.inputSize, form: form, withGradient: true)
    let workspace = Workspace(
      layout: network.layout, capacity: golden.batchSize, withGradient: true)
    golden.pixels.withUnsafeBufferPointer { pixels in
      guard let base = pixels.baseAddress else { return }
      batch.load(base, range: 0..<golden.batchSize)
    }
    workspace.setNoise(golden.noise)
    let sums = lossAndGradients(network, batch, workspace)
    #expect(abs(sums.reconstruction - expected.reconstruction) < 1e-6 * expected.reconstruction)
    #expect(abs(sums.kl - expected.kl) < 1e-6 * expected.kl)
    for (layer, tensors) in zip(network.layout.layers, network.layers) {
      let (weights, bias) = (tensors.weightGradient, tensors.biasGradient)
      let actual = (0..<layer.inputs).flatMap { i in
        (0..<layer.outputs).map { Double(weights.row(i)[$0]) }
      }
      let weightError = relativeError(
        actual, try #require(expected.gradients[layer.name + ".weight"]))
      let biasError = relativeError(
        (0..<layer.outputs).map { Double(bias[$0]) },
        try #require(expected.gradients[layer.name + ".bias"]))
      #expect(weightError < 1e-5, "\(layer.name).weight")
      #expect(biasError < 1e-5, "\(layer.name).bias")
      for i in 0..<layer.inputs {
        for j in layer.outputs..<weights.paddedColumns { #expect(weights.row(i)[j] == 0) }
      }
    }
  }

  @Test(
    "the fused loss pass meets the textbook formula pixel by pixel",
    arguments: ReconstructionLoss.allCases)
  func fusedLoss(loss: ReconstructionLoss) {
    // Through a decoder whose output weights are zero: the logits are the output bias alone.
    let width = 784
    let network = Network(
      layout: ParameterLayout(inputSize: width, hidden: [8], latentDim: 2, sampling: false),
      settings: NetworkSettings(activation: .relu, loss: loss, klWeight: 1))
    let bias = network.layout.output.bias(in: network.parameters)
    let pixels = (0..<width).map { UInt8(truncatingIfNeeded: $0 * 89) }
    for k in 0..<width { bias[k] = Float(k - 392) / 9 }
    let batch = ImageBatch(capacity: 1, inputSize: width, form: .dense, withGradient: true)
    let workspace = Workspace(layout: network.layout, capacity: 1, withGradient: true)
    pixels.withUnsafeBufferPointer { pixels in
      guard let base = pixels.baseAddress else { return }
      batch.load(base, range: 0..<1)
    }
    let sums = lossAndGradients(network, batch, workspace)
    let gradient = network.layers.last?.biasGradient
    var total = 0.0
    for k in 0..<width {
      let expected = pixelLoss(loss, logit: Double(bias[k]), pixel: pixels[k])
      total += expected.value
      #expect(abs(Double(gradient?[k] ?? .nan) - expected.slope) < 2e-7)
    }
    #expect(abs(sums.reconstruction - total) < 1e-6 * total)
  }
}
