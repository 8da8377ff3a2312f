import Compute
import Dataset
import Testing
import VAE

private struct RemedyGolden: Decodable {
  struct FreeBits: Decodable {
    var sampling: Bool
    var freeBits: Double
    var weight: Double
    var gradients: [String: [Double]]
  }
  struct Curve: Decodable, CustomStringConvertible {
    var name: String
    var klWarmup: Int
    var klCycles: Int
    var freeBits: Double
    var schedule: String
    var weights: [Double]
    var losses: [Double]
    var description: String { name }
  }
  var freeBits: [FreeBits]
  var learningRate: Double
  var epochs: Int
  var stepsPerEpoch: Int
  var curves: [Curve]
}

@Suite("Remedies against collapse")
struct RemedyTests {
  @Test(
    "gradients with free bits meet PyTorch's, below, between and above the latents' divergences")
  func freeBits() throws {
    let remedies = try golden("remedies", as: RemedyGolden.self)
    let golden = try golden("gradients", as: GradientGolden.self)
    #expect(remedies.freeBits.count == 6)
    for expected in remedies.freeBits {
      let network = golden.network(.tanh, .bce, sampling: expected.sampling)
      let (batch, workspace) = golden.batch(for: network)
      workspace.setNoise(golden.noise)
      golden.load(batch, from: 0)
      _ = lossAndGradients(
        network, batch, workspace,
        KLObjective(weight: expected.weight, freeBits: expected.freeBits))
      for (layer, tensors) in zip(network.layout.layers, network.layers) {
        let weights = tensors.weightGradient
        let actual = (0..<layer.inputs).flatMap { i in
          (0..<layer.outputs).map { Double(weights.row(i)[$0]) }
        }
        let wanted = try #require(expected.gradients[layer.name + ".weight"])
        #expect(
          relativeError(actual, wanted) < 1e-5,
          "\(layer.name), free bits \(expected.freeBits), sampling \(expected.sampling)")
      }
    }
  }

  @Test("weights of every step and the losses of 120 steps meet PyTorch's")
  func curves() throws {
    let remedies = try golden("remedies", as: RemedyGolden.self)
    let golden = try golden("gradients", as: GradientGolden.self)
    #expect(remedies.curves.count == 5)
    for curve in remedies.curves {
      let configuration = try Configuration(
        architecture: Architecture(parsing: "12-10-6-3"),
        [
          .epochs: .int(remedies.epochs), .klWeight: .double(golden.klWeight),
          .klWarmup: .int(curve.klWarmup), .klCycles: .int(curve.klCycles),
          .freeBits: .double(curve.freeBits), .learningRate: .double(remedies.learningRate),
          .schedule: .string(curve.schedule.isEmpty ? "none" : curve.schedule),
        ])
      let schedule = KLSchedule(configuration, stepsPerEpoch: remedies.stepsPerEpoch)
      let network = golden.network(.relu, .bce, sampling: true)
      let (batch, workspace) = golden.batch(for: network)
      var worst = 0.0
      for (step, expected) in curve.losses.enumerated() {
        let objective = schedule.objective(step: step)
        #expect(abs(objective.weight - curve.weights[step]) < 1e-11, "\(curve), step \(step)")
        golden.load(batch, from: step * golden.batchSize % golden.images)
        workspace.setNoise(
          golden.fixedNoise(step: step, count: golden.batchSize * golden.latentDim))
        let epoch = step / remedies.stepsPerEpoch
        let factor = configuration.schedule?.factor(epoch: epoch) ?? 1
        let sums = lossAndGradients(network, batch, workspace, objective) {
          network.update($0, configuration.optimizer.scaled(by: factor), step: step + 1)
        }
        let loss = (sums.reconstruction + golden.klWeight * sums.kl) / Double(golden.batchSize)
        worst = max(worst, abs(loss - expected) / expected)
      }
      #expect(worst < 1e-4, "\(curve)")
    }
  }

  @Test(
    "change the run, and at their defaults nothing",
    arguments: [
      (TrainKey.klWarmup, ParameterValue.int(3), ParameterValue.int(0)),
      (.klCycles, .int(2), .int(0)), (.freeBits, .double(0.5), .double(0)),
      (.schedule, .string("0.1@1"), .null), (.perturb, .string("9744@1"), .null),
    ])
  func takesEffect(key: TrainKey, value: ParameterValue, usual: ParameterValue) throws {
    let plain = try result([:])
    #expect(try result([key: usual]) == plain)
    #expect(try result([key: value]) != plain)
    // What happens in the second epoch leaves the first as it was.
    if key == .schedule || key == .perturb {
      #expect(try result([key: value])?.history.first == plain?.history.first)
    }
  }

  @Test("free bits of more than any latent has leave reconstruction alone to be learnt")
  func manyFreeBits() throws {
    let free = try #require(try result([.freeBits: .double(1e6)]))
    let weightless = try #require(try result([.klWeight: .double(0)]))
    // Reported with the whole KL term, they differ in the total, and in nothing else.
    #expect(
      free.history.map(\.test.reconstruction) == weightless.history.map(\.test.reconstruction))
    #expect(free.history.map(\.test.kl) == weightless.history.map(\.test.kl))
    #expect(free.history.last?.test.total != weightless.history.last?.test.total)
  }

  private func result(_ values: [TrainKey: ParameterValue]) throws -> TrainingResult? {
    try Self.trainer(values).run { _ in true }
  }

  static func trainer(
    _ values: [TrainKey: ParameterValue], architecture: String = "784-24-8-2"
  ) throws -> Trainer {
    let usual: [TrainKey: ParameterValue] = [.epochs: .int(4), .batchSize: .int(32)]
    return try Trainer(
      configuration: Configuration(
        architecture: Architecture(parsing: architecture),
        usual.merging(values) { _, given in given }),
      seeds: Seeds(7), dataset: SyntheticImages.dataset(train: 200, test: 60))
  }

  @Test(
    "cycles are whole steps: more than fit come to fewer, or to none",
    arguments: [
      (32, 0, false), (32, 1, false), (32, 4, false), (32, 16, false), (32, 17, true),
      (32, 32, true), (32, 10_000, true), (48, 25, true), (33, 16, true), (10, 3, false),
    ])
  func cycles(steps: Int, cycles: Int, isShort: Bool) throws {
    let configuration = try Configuration(
      architecture: Architecture(parsing: "784-3-2"),
      [.klCycles: .int(cycles), .epochs: .int(steps)])
    let words = KLSchedule.cutShort(cycles: cycles, steps: steps)
    #expect((words != nil) == isShort, "\(words ?? "")")
    let schedule = KLSchedule(configuration, stepsPerEpoch: 1)
    let weights = (0..<steps).map { schedule.objective(step: $0).weight }
    #expect((words?.contains("without weight") == true) == (weights.max() == 0))
    guard cycles > 0, weights.max() != 0 else { return }
    let begun = weights.count { $0 == 0 }
    #expect((begun == cycles) == !isShort, "\(begun)")
  }
}
