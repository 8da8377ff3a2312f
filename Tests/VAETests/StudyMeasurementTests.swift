import Compute
import Dataset
import Testing
import VAE

/// The measures of a whole network against the textbook network's, every sum written down plainly.
@Suite("The measures of a network")
struct StudyMeasurementTests {
  private static let count = 130
  private let dataset = Dataset(
    name: "blobs", digest: "blobs",
    train: ImageSet(
      inMemory: BlobImages.bytes(stream: 1, count: 90), labels: [UInt8](repeating: 0, count: 90)),
    test: ImageSet(
      inMemory: BlobImages.bytes(stream: 2, count: count),
      labels: [UInt8](repeating: 0, count: count)))
  private let evaluation = RandomStream(name: "evaluation", seed: 0, architecture: "")
  private let prior = RandomStream(name: "prior", seed: 0, architecture: "")

  private func network(sampling: Bool) -> Network {
    let layout = ParameterLayout(
      inputSize: 784, hidden: [12, 6], latentDim: 3, sampling: sampling)
    let network = Network(
      layout: layout, settings: NetworkSettings(activation: .relu, loss: .bce, klWeight: 1))
    initialize(
      network.parameters, layout: layout, with: .torchLinear,
      from: RandomStream(name: "init", seed: 1, architecture: "test"))
    // Decoded images near the mean one, so that balls hold some of them.
    let pixels = dataset.train.pixels
    for k in 0..<784 {
      let sum = (0..<dataset.train.count).reduce(0) { $0 + Int(pixels[$1 * 784 + k]) }
      let share = (Double(sum) + 50) / (255 * Double(dataset.train.count) + 100)
      layout.output.bias(in: network.parameters)[k] = Float(Scalar.log(share / (1 - share)))
    }
    return network
  }

  private func deviates(_ stream: RandomStream, _ row: Int) -> [Double] {
    let words = (stream.block(UInt32(row), 0, 0), stream.block(UInt32(row), 1, 0))
    let four = RandomDeviates.normal(words.0, words.1).0
    return (0..<3).map { Double(four[$0]) }
  }

  private func pixels(_ set: ImageSet, _ index: Int) -> [UInt8] {
    Array(set.pixels[(index * 784)..<((index + 1) * 784)])
  }

  private func distance(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for k in a.indices { sum += (a[k] - b[k]) * (a[k] - b[k]) }
    return Scalar.sqrt(sum)
  }

  /// Density and coverage with k = 5.
  private func generation(_ made: [[Double]], _ real: [[Double]]) -> (Double, Double) {
    var (hits, covered) = (0, 0)
    for point in real {
      let radius = real.map { distance(point, $0) }.sorted()[5]
      let held = made.count { distance($0, point) < radius }
      hits += held
      covered += held > 0 ? 1 : 0
    }
    return (
      Double(hits) / Double(5 * made.count), Double(covered) / Double(real.count)
    )
  }

  /// The energy distance to N(0, I).
  private func energy(_ codes: [[Double]]) -> Double {
    let normal = NormalDistance(dimension: 3)
    var (toNormal, between) = (0.0, 0.0)
    for i in codes.indices {
      toNormal += normal.mean(squaredNorm: codes[i].reduce(0) { $0 + $1 * $1 })
      for j in 0..<i { between += distance(codes[i], codes[j]) }
    }
    let n = Double(codes.count)
    return 2 * toNormal / n - 2 * between / (n * (n - 1)) - normal.betweenTwo
  }

  /// mean + L ε of the Gaussian of three dimensions fitted to `codes`, L written out.
  private func fitted(_ codes: [[Double]], _ draws: [[Double]]) -> [[Double]] {
    let n = Double(codes.count)
    let mean: [Double] = (0..<3).map { j in codes.reduce(0) { $0 + $1[j] } / n }
    func covariance(_ j: Int, _ k: Int) -> Double {
      var sum = 0.0
      for code in codes { sum += (code[j] - mean[j]) * (code[k] - mean[k]) }
      return sum / (n - 1)
    }
    let a = Scalar.sqrt(covariance(0, 0))
    let (b, c) = (covariance(1, 0) / a, covariance(2, 0) / a)
    let d = Scalar.sqrt(covariance(1, 1) - b * b)
    let e = (covariance(2, 1) - b * c) / d
    let f = Scalar.sqrt(covariance(2, 2) - c * c - e * e)
    return draws.map { draw in
      let first = mean[0] + a * draw[0]
      let second = mean[1] + b * draw[0] + d * draw[1]
      let third = mean[2] + c * draw[0] + e * draw[1] + f * draw[2]
      return [first, second, third]
    }
  }

  /// z of every test image.
  private func codes(_ textbook: TextbookNetwork) -> [[Double]] {
    (0..<Self.count).map { i -> [Double] in
      let (_, mu, logVar) = textbook.encode(pixels(dataset.test, i))
      guard let logVar else { return mu }
      let noise = deviates(evaluation, i)
      return (0..<3).map { j -> Double in mu[j] + Scalar.exp(logVar[j] / 2) * noise[j] }
    }
  }

  @Test("equal the textbook network's", arguments: [true, false])
  func textbook(sampling: Bool) throws {
    let network = network(sampling: sampling)
    let evaluator = Evaluator(
      network: network, form: .sparse(maxPerImage: 784), noise: evaluation)
    let measurement = StudyMeasurement(
      evaluator: evaluator, dataset: dataset, trainCount: 80, prior: prior)
    let study = try #require(measurement.measures { true })
    let textbook = TextbookNetwork(network: network)
    #expect(abs(try #require(study[.coverage]) - energy(codes(textbook))) < 1e-5)
    #expect(study[.coverageWhitened] != nil)

    // Images in the components, which the golden of scikit-learn holds.
    let reference = try #require(ImageReference.make(dataset, DenseProducts()) { true })
    func project(_ image: [Double]) -> [Double] {
      let centred = image.indices.map { image[$0] - Double(reference.mean[$0]) }
      return (0..<reference.components).map { j -> Double in
        var sum = 0.0
        for k in centred.indices { sum += centred[k] * Double(reference.basis.row(k)[j]) }
        return sum
      }
    }
    func decode(_ draws: [[Double]]) -> [[Double]] {
      draws.map { draw in
        project(textbook.logits(draw).map { logit -> Double in 1 / (1 + Scalar.exp(-logit)) })
      }
    }
    let real = (0..<Self.count).map { i in
      project(pixels(dataset.test, i).map { Double($0) / 255 })
    }
    let draws = (0..<Self.count).map { deviates(prior, $0) }
    let plain = generation(decode(draws), real)
    #expect(plain.0 > 0.1 && plain.1 > 0.05, "\(plain)")
    // A ball more or less.
    let near = 2 / Double(Self.count)
    #expect(abs(try #require(study[.generationDensity]) - plain.0) < near / 5)
    #expect(abs(try #require(study[.generationCoverage]) - plain.1) < near)
    #expect((study[.generationDensityFitted] == nil) == sampling)
    #expect((study[.generationCoverageFitted] == nil) == sampling)
    guard !sampling else { return }
    let trained = (0..<80).map { textbook.encode(pixels(dataset.train, $0)).mu }
    let own = generation(decode(fitted(trained, draws)), real)
    #expect(abs(try #require(study[.generationDensityFitted]) - own.0) < near / 5)
    #expect(abs(try #require(study[.generationCoverageFitted]) - own.1) < near)
  }

  @Test("are stopped with the run")
  func stopped() {
    let evaluator = Evaluator(
      network: network(sampling: false), form: .dense, noise: evaluation)
    let measurement = StudyMeasurement(
      evaluator: evaluator, dataset: dataset, trainCount: 80, prior: prior)
    for calls in 0..<6 {
      var left = calls
      let measured = measurement.measures {
        left -= 1
        return left >= 0
      }
      #expect(measured == nil)
    }
  }
}
