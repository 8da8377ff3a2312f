import Compute
import Dataset
import Testing
import VAE

struct EvaluatorTests {
  private let images = SyntheticImages.dataset(train: 10, test: 1_030).test

  private func pixels(_ index: Int) -> [UInt8] {
    Array(images.pixels[(index * 784)..<((index + 1) * 784)])
  }

  private func network(sampling: Bool) -> Network {
    let layout = ParameterLayout(
      inputSize: 784, hidden: [12, 6], latentDim: 3, sampling: sampling)
    let network = Network(
      layout: layout, settings: NetworkSettings(activation: .relu, loss: .bce, klWeight: 0.5))
    initialize(
      network.parameters, layout: layout, with: .torchLinear,
      from: RandomStream(name: "init", seed: 1, architecture: "test"))
    return network
  }

  private let noise = RandomStream(name: "evaluation", seed: 0, architecture: "")

  @Test("losses over a set equal the textbook network's", arguments: [true, false])
  func losses(sampling: Bool) throws {
    let network = network(sampling: sampling)
    let evaluator = Evaluator(
      network: network, form: .sparse(maxPerImage: 784), noise: noise)
    let measured = try #require(
      evaluator.losses(of: images, count: images.count, atMean: true) { true })
    let textbook = TextbookNetwork(network: network)
    var (reconstruction, kl, atMean) = (0.0, 0.0, 0.0)
    for i in 0..<images.count {
      let (_, mu, logVar) = textbook.encode(pixels(i))
      let words = (
        noise.block(UInt32(i), 0, 0), noise.block(UInt32(i), 1, 0)
      )
      let deviates = RandomDeviates.normal(words.0, words.1).0
      let z = (0..<3).map { j in
        mu[j] + (logVar.map { Scalar.exp($0[j] / 2) * Double(deviates[j]) } ?? 0)
      }
      reconstruction += textbook.reconstructionLoss(pixels(i), code: z)
      atMean += textbook.reconstructionLoss(pixels(i), code: mu)
      for j in 0..<3 {
        let spread = logVar.map { Scalar.exp($0[j]) - 1 - $0[j] } ?? 0
        kl += (mu[j] * mu[j] + spread) / 2
      }
    }
    let n = Double(images.count)
    #expect(abs(measured.sampled.reconstruction - reconstruction / n) < 1e-3)
    #expect(abs(measured.sampled.kl - kl / n) < 1e-6)
    #expect(abs(measured.reconstructionAtMean - atMean / n) < 1e-3)
    #expect(
      abs(measured.sampled.total - measured.sampled.reconstruction - 0.5 * measured.sampled.kl)
        < 1e-9)
  }

  @Test("latent statistics and dead units equal the textbook network's")
  func latents() throws {
    let network = network(sampling: true)
    let first = network.layout.encoder[0]
    // A unit that never fires.
    for i in 0..<first.inputs { first.weights(in: network.parameters).row(i)[5] = 0 }
    first.bias(in: network.parameters)[5] = -1
    let evaluator = Evaluator(
      network: network, form: .sparse(maxPerImage: 784), noise: noise)
    let measured = try #require(evaluator.latentsAndDeadUnits(of: images) { true })
    let textbook = TextbookNetwork(network: network)
    let codes = (0..<images.count).map { textbook.encode(pixels($0)) }
    let n = Double(images.count)
    for j in 0..<3 {
      let mean = codes.reduce(0) { $0 + $1.mu[j] } / n
      let squares = codes.reduce(0) { $0 + ($1.mu[j] - mean) * ($1.mu[j] - mean) }
      let sigma2 = codes.reduce(0) { $0 + Scalar.exp($1.logVar?[j] ?? 0) } / n
      var gain = 0.0
      for (i, code) in codes.enumerated() {
        var replaced = code.mu
        replaced[j] = mean
        gain +=
          textbook.reconstructionLoss(pixels(i), code: replaced)
          - textbook.reconstructionLoss(pixels(i), code: code.mu)
      }
      #expect(abs(measured.latents[j].varMu - squares / (n - 1)) < 1e-6)
      #expect(abs((measured.latents[j].meanSigma2 ?? 0) - sigma2) < 1e-6)
      #expect(abs(measured.latents[j].gain - gain / n) < 1e-4)
    }
    let dead = (0..<12).count { unit in codes.allSatisfy { $0.hidden[0][unit] == 0 } }
    #expect(measured.deadUnits[0] == DeadUnits(layer: "encoder_1", count: dead))
    #expect(dead >= 1)
  }
}
