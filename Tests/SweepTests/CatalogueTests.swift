import Sweep
import TestSupport
import Testing
import VAE

@Suite("The catalogue of train keys")
struct TrainKeyCatalogueTests {
  private static let dataset = Digest(of: "a dataset")

  private func key(_ golden: KeyGolden, _ more: [TrainKey: ParameterValue] = [:]) throws -> String {
    let configuration = try Configuration(
      architecture: Architecture(parsing: golden.architecture),
      golden.values.merging(more) { $1 })
    return Point(configuration: configuration, seeds: golden.seeds)
      .key(dataset: Self.dataset, trainerVersion: 1).description
  }

  @Test("names each key once and explains it")
  func names() {
    #expect(Set(TrainKey.allCases.map(\.rawValue)).count == TrainKey.allCases.count)
    for key in TrainKey.allCases {
      #expect(!key.help.isEmpty, "\(key.rawValue)")
      #expect(TrainKey(rawValue: key.rawValue) == key)
      #expect(throws: Never.self, "\(key.rawValue)") { try key.checked(key.defaultValue) }
    }
    #expect(TrainKey(rawValue: "later_decay") == nil)
  }

  @Test(
    "leaves a key that was added later out of a point's key at its default",
    arguments: KeyGolden.all)
  func addedLater(golden: KeyGolden) throws {
    try Later.inForce {
      #expect(try key(golden) == golden.key)
      #expect(try key(golden, [Later.decay: .int(0)]) == golden.key)
      let changed = try key(golden, [Later.decay: .double(0.5)])
      let applies = golden.values[.optimizer] != .string("rmsprop")
      #expect((changed != golden.key) == applies)
      // One maker for many points must agree.
      var maker = KeyMaker(dataset: Self.dataset, trainerVersion: 1)
      let configuration = try Configuration(
        architecture: Architecture(parsing: golden.architecture), golden.values)
      let point = Point(configuration: configuration, seeds: golden.seeds)
      #expect(maker.key(of: point).description == golden.key)
    }
  }

  @Test("shows users a key that was added later, with its value")
  func members() throws {
    try Later.inForce {
      let configuration = try Configuration(architecture: Architecture(parsing: "784-256-2"), [:])
      #expect(configuration.members.last?.name == "later_decay")
      #expect(configuration.members.last?.value == .number(0))
      #expect(GridKey(name: "later_decay") == .train(Later.decay))
    }
  }

  @Test(
    "refuses a number that single precision does not keep",
    arguments: [
      (TrainKey.learningRate, 1e-50, "0"), (.learningRate, 1e39, "infinite"),
      (.epsilon, 1e-60, "0"),
      (.klWeight, 1e-46, "0"), (.klWeight, 1e300, "infinite"), (.beta1, 1e-46, "0"),
      (.beta2, 0.999999999999, "1.0"), (.rho, 0.99999999999, "1.0"), (.momentum, 1e-100, "0"),
    ])
  func singlePrecision(key: TrainKey, number: Double, there: String) throws {
    let error = #expect(throws: InvalidValue.self) { try key.checked(.double(number)) }
    #expect(error?.key == key.rawValue)
    #expect(error?.expected.hasSuffix(", in single precision too, where this is \(there)") == true)
    // What was trained once, before this was refused, is read.
    #expect(try key.checked(.double(number), from: .record) == .double(number))
  }

  @Test("takes numbers that single precision keeps, zero among them where the range has it")
  func kept() throws {
    #expect(try TrainKey.klWeight.checked(.int(0)) == .double(0))
    #expect(try TrainKey.klWeight.checked(.double(-0.0)) == .double(0))
    #expect(try TrainKey.beta1.checked(.double(0)) == .double(0))
    #expect(try TrainKey.learningRate.checked(.double(1e30)) == .double(1e30))
    #expect(try TrainKey.epsilon.checked(.double(1e-30)) == .double(1e-30))
  }
}

@Suite("The catalogue of outcome fields")
struct OutcomeFieldCatalogueTests {
  private func outcome() throws -> Outcome {
    let configuration = try Configuration(
      architecture: Architecture(parsing: "784-8-2"), [.epochs: .int(1)])
    let point = Point(configuration: configuration, seeds: Seeds(1))
    var study = StudyMeasures()
    study[.coverage] = 0.25
    study[Later.measure] = 2
    study[Later.optional] = 3
    let terms = LossTerms(reconstruction: 100, kl: 5, total: 105)
    let measurements = FinalMeasurements(
      train: terms,
      latents: [LatentStatistics](
        repeating: LatentStatistics(varMu: 1, meanSigma2: 0.5, kl: 2, gain: 3), count: 2),
      deadUnits: [DeadUnits(layer: "encoder_1", count: 3)], study: study,
      digest: Digest(of: "parameters").hex)
    let record = EpochRecord(
      epoch: 1, trainRunningTotal: 120, test: terms, testReconstructionAtMean: 99)
    return Outcome(
      key: point.key(dataset: Digest(of: "a dataset"), trainerVersion: 1), point: point,
      result: TrainingResult(history: [record], ending: .completed(measurements)))
  }

  @Test("names each field once; metrics that code asks for by name are there")
  func names() throws {
    #expect(Set(OutcomeField.allCases.map(\.name)).count == OutcomeField.allCases.count)
    let named: [Metric] = [
      .testTotalLast5, .testTotal, .testReconstruction, .testKL, .testReconstructionAtMean,
      .trainTotal, .coverage, .coverageWhitened, .generationDensity, .generationCoverage,
      .generationDensityFitted, .generationCoverageFitted, .radiusStart, .radiusAfter5,
      .radiusRatio, .codeMeanLargest, .codeVarianceSmallest, .codeVarianceLargest,
    ]
    #expect(Metric.allCases == named)
    for metric in Metric.known {
      #expect(!metric.field.help.isEmpty)
      #expect(metric.field.title?.words.isEmpty == false, "\(metric.rawValue)")
      #expect(Metric(rawValue: metric.rawValue) == metric)
    }
    #expect(Metric(rawValue: "collapsed") == nil)
    #expect(OutcomeField.resultVersion == 1)
  }

  @Test("reads of an outcome what the outcome holds")
  func values() throws {
    let outcome = try outcome()
    #expect(Metric.testTotal.value(of: outcome) == 105)
    #expect(Metric.testReconstructionAtMean.value(of: outcome) == 99)
    #expect(Metric.trainTotal.value(of: outcome) == 105)
    #expect(Metric.coverage.value(of: outcome) == 0.25)
    #expect(Metric.radiusRatio.value(of: outcome) == nil)
    #expect(Metric.codeVarianceLargest.value(of: outcome) == 1.5)
  }

  @Test("keeps the digests of results made before a field was added, and covers new ones")
  func digests() throws {
    let before = try outcome()
    let digest = before.resultDigest
    #expect(before.resultVersion == 1)
    try Later.inForce {
      #expect(before.resultDigest == digest)
      let new = try outcome()
      #expect(new.resultVersion == 2)
      #expect(new.resultDigest != digest)
      #expect(new.resultDigest(asOf: 1) == digest)
      // A measure on request changes no digest.
      guard case .completed(var measurements) = new.result.ending else { return }
      measurements.study[Later.optional] = nil
      let plain = Outcome(
        key: new.key, point: new.point,
        result: TrainingResult(history: new.result.history, ending: .completed(measurements)))
      #expect(plain.resultDigest == new.resultDigest)
      #expect(new.json(receipt: nil, history: false)["later_optional"] == .number(3))
      #expect(plain.json(receipt: nil, history: false)["later_optional"] == nil)
      #expect(new.json(receipt: nil, history: false)["later_measure"] == .number(2))
      #expect(Metric(rawValue: "later_measure")?.value(of: new) == 2)
    }
  }
}
