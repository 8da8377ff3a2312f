import Compute
import Dataset
import Testing
import VAE

@Suite("The likelihood")
struct LikelihoodTests {
  private static let images = 12
  private let set = SyntheticImages.dataset(train: 10, test: images).test
  private let draws = RandomStream(name: "likelihood", seed: 0, architecture: "")
  private let noise = RandomStream(name: "evaluation", seed: 0, architecture: "")

  private func network(_ loss: ReconstructionLoss = .bce, latentDim: Int = 3) -> Network {
    let layout = ParameterLayout(
      inputSize: 784, hidden: [12, 6], latentDim: latentDim, sampling: true)
    let network = Network(
      layout: layout, settings: NetworkSettings(activation: .relu, loss: loss, klWeight: 0.5))
    initialize(
      network.parameters, layout: layout, with: .torchLinear,
      from: RandomStream(name: "init", seed: 1, architecture: "test"))
    return network
  }

  private func evaluator(_ network: Network) -> Evaluator {
    Evaluator(network: network, form: .sparse(maxPerImage: 784), noise: noise)
  }

  private func pixels(_ index: Int) -> [UInt8] {
    Array(set.pixels[(index * 784)..<((index + 1) * 784)])
  }

  private func normal(_ stream: RandomStream, _ x: Int, latents: Int, z: Int) -> [Double] {
    let words = (stream.block(UInt32(x), 0, UInt32(z)), stream.block(UInt32(x), 1, UInt32(z)))
    let deviates = RandomDeviates.normal(words.0, words.1).0
    return (0..<latents).map { Double(deviates[$0]) }
  }

  /// log of a normal density without its (2π)^(−½).
  private func logNormal(_ z: Double, mean: Double, logVar: Double) -> Double {
    let difference = z - mean
    return -0.5 * (difference * difference * Scalar.exp(-logVar) + logVar)
  }

  @Test(
    "of the textbook network, by the same draws, is the same",
    arguments: ReconstructionLoss.allCases)
  func textbook(loss: ReconstructionLoss) throws {
    let network = network(loss)
    let count = 1_005
    let measured = try #require(
      evaluator(network).likelihood(
        of: set, Likelihood.Effort(draws: count, images: 3), from: draws
      ) { true })
    #expect(measured.draws == count && measured.images == 3)
    let textbook = TextbookNetwork(network: network)
    var bounds = [Double](repeating: 0, count: 6)
    for image in 0..<3 {
      let (_, mu, logVar) = textbook.encode(pixels(image))
      let variances = try #require(logVar)
      let weights = (0..<count).map { draw -> Double in
        let epsilon = normal(draws, draw, latents: 3, z: image)
        let z = (0..<3).map { mu[$0] + Scalar.exp(variances[$0] / 2) * epsilon[$0] }
        var weight = -textbook.reconstructionLoss(pixels(image), code: z)
        for j in 0..<3 {
          weight += logNormal(z[j], mean: 0, logVar: 0)
          weight -= logNormal(z[j], mean: mu[j], logVar: variances[j])
        }
        return weight
      }
      // All of them, and those without each fifth.
      let without = (0..<5).map {
        Array(weights[..<($0 * 201)] + weights[(($0 + 1) * 201)...])
      }
      let parts = [weights] + without
      for (place, part) in parts.enumerated() {
        let top = try #require(part.max())
        let mean = part.reduce(0) { $0 + Scalar.exp($1 - top) } / Double(part.count)
        bounds[place] -= (top + Scalar.log(mean)) / 3
      }
    }
    #expect(abs(measured.bound - bounds[0]) < 1e-3)
    let mean = bounds[1...].reduce(0, +) / 5
    let squares = bounds[1...].reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    #expect(abs(measured.boundError - Scalar.sqrt(squares * 4 / 5)) < 1e-4)
  }

  @Test("is below the loss with one draw, and falls with the number of draws")
  func falls() throws {
    let evaluator = evaluator(network())
    let losses = try #require(
      evaluator.losses(of: set, count: set.count, atMean: false) { true })
    let bounds = try [5, 50, 2_000].map { count in
      try #require(
        evaluator.likelihood(of: set, Likelihood.Effort(draws: count), from: draws) { true }
      ).bound
    }
    // The loss is the bound by one draw in the mean, with the KL term at its full weight.
    #expect(bounds[0] < losses.sampled.reconstruction + losses.sampled.kl + 0.5)
    #expect(bounds[1] < bounds[0] && bounds[2] < bounds[1])
  }

  @Test("has the mutual information that the textbook's mixture gives")
  func information() throws {
    let network = network()
    // Codes far enough apart that the mixture has a shape.
    let mu = network.layout.mu.weights(in: network.parameters)
    for i in 0..<mu.rows { for j in 0..<mu.columns { mu.row(i)[j] *= 200 } }
    let measured = try #require(
      evaluator(network).likelihood(of: set, Likelihood.Effort(draws: 5), from: draws) { true })
    let textbook = TextbookNetwork(network: network)
    let posteriors = try (0..<Self.images).map { image in
      let (_, mu, logVar) = textbook.encode(pixels(image))
      return (mu: mu, logVar: try #require(logVar))
    }
    var information = 0.0
    for (image, own) in posteriors.enumerated() {
      let epsilon = normal(noise, image, latents: 3, z: 0)
      let z = (0..<3).map { own.mu[$0] + Scalar.exp(own.logVar[$0] / 2) * epsilon[$0] }
      for j in 0..<3 {
        information +=
          (own.mu[j] * own.mu[j] + Scalar.exp(own.logVar[j]) - 1 - own.logVar[j]) / 2
      }
      let mixture = posteriors.reduce(0) { sum, other in
        sum
          + Scalar.exp(
            (0..<3).reduce(0) {
              $0 + logNormal(z[$1], mean: other.mu[$1], logVar: other.logVar[$1])
            })
      }
      let prior = (0..<3).reduce(0) { $0 + logNormal(z[$1], mean: 0, logVar: 0) }
      information -= Scalar.log(mixture / Double(Self.images)) - prior
    }
    information /= Double(Self.images)
    let told = try #require(measured.mutualInformation)
    #expect(abs(told - information) < 1e-3)
    // More than log n no mixture of n can tell, but for the noise of one draw each.
    #expect(told > 0.1 && told < Scalar.log(Double(Self.images)) + 1)
  }

  @Test("stops where it is told to")
  func stops() {
    let effort = Likelihood.Effort(draws: 5)
    let evaluator = evaluator(network())
    for allowed in 0..<3 {
      var asked = 0
      let measured = evaluator.likelihood(of: set, effort, from: draws) {
        asked += 1
        return asked <= allowed
      }
      #expect(measured == nil)
    }
  }

  @Test("tells active, mixed and passive latents apart")
  func uses() {
    func use(_ varMu: Double, _ sigma2: Double?) -> LatentUse? {
      LatentStatistics(varMu: varMu, meanSigma2: sigma2, kl: 0, gain: 0).use
    }
    #expect(use(0.5, 0.3) == .active)
    #expect(use(0.01, 0.89) == .active)
    #expect(use(0.009, 0.95) == .passive)
    #expect(use(0.02, 0.95) == .mixed)
    #expect(use(0.001, 0.5) == .mixed)
    #expect(use(0.5, nil) == nil)
  }
}
