import Sweep
import VAE
import Wire

/// Values that messages are made of.
enum Samples {
  static let session = SessionID(0xdead_beef_0123_4567)
  static let attempt = AttemptID(epoch: 7, counter: 123_456_789, start: 987_654_321)
  static let progress = AttemptProgress(
    step: 17, steps: 23_450, epoch: 3, beats: 99, ended: EpochLoss(epoch: 2, testTotal: 171.57),
    resumedAt: 12)
  static let dataset = Digest(of: "a dataset")
  static let checkpoint = CheckpointReference(
    digest: Digest(of: "a checkpoint"), size: 5_000_000, step: 17,
    fingerprint: Digest(of: "fingerprint").hex)

  static func point(
    _ architecture: String = "784-256-32-8-4", _ values: [TrainKey: ParameterValue] = [:]
  ) throws -> Point {
    Point(
      configuration: try Configuration(
        architecture: Architecture(parsing: architecture), values),
      seeds: Seeds(initialization: 1, order: .max, noise: 0))
  }

  static func completed(_ point: Point) -> Outcome {
    let configuration = point.configuration
    let latents = (0..<configuration.architecture.latentDim).map { index in
      LatentStatistics(
        varMu: 0.1 + Double(index), meanSigma2: configuration.sampling ? 0.25 : nil,
        kl: 1.0 / 3.0, gain: -0.0, meanMu: -1.0 / 7.0)
    }
    let history = (1...min(7, configuration.epochs)).map { epoch in
      EpochRecord(
        epoch: epoch, trainRunningTotal: 200.0 / Double(epoch),
        test: LossTerms(reconstruction: 150.1, kl: 6.02, total: 156.12 + 1e-13),
        testReconstructionAtMean: .leastNonzeroMagnitude)
    }
    var study = StudyMeasures()
    for (index, measure) in StudyMeasure.allCases.enumerated()
    where measure.applies(to: configuration) && measure != .coverageWhitened {
      study[measure] = Double(index) / 3
    }
    let measurements = FinalMeasurements(
      train: LossTerms(reconstruction: 100, kl: 5, total: 105), latents: latents,
      deadUnits: [
        DeadUnits(layer: "encoder_1", count: 3), DeadUnits(layer: "decoder_1", count: 0),
      ],
      study: study, digest: Digest(of: "parameters").hex)
    return Outcome(
      key: point.key(dataset: dataset, trainerVersion: 1), point: point,
      result: TrainingResult(history: history, ending: .completed(measurements)))
  }

  static func diverged(_ point: Point) -> Outcome {
    let broken = Double(bitPattern: 0x7ff8_0000_dead_beef)
    let history = [
      EpochRecord(
        epoch: 1, trainRunningTotal: .infinity,
        test: LossTerms(reconstruction: broken, kl: -.infinity, total: .nan),
        testReconstructionAtMean: -.nan)
    ]
    return Outcome(
      key: point.key(dataset: dataset, trainerVersion: 1), point: point,
      result: TrainingResult(history: history, ending: .diverged(epoch: 1)))
  }

  static let receipt = Receipt(
    host: "node-17.example.org", cpu: "AMD EPYC 7763 · 64 cores", blasCore: "haswell",
    fingerprint: Digest(of: "fingerprint").hex, version: "0.1.0+abc", imagesPerSecond: 12_345.678,
    seconds: 98.7, finishedAt: 1_763_856_000.123_456)
}
