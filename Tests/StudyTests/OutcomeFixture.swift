import Sweep
import VAE

/// Outcomes whose numbers a test can name.
enum OutcomeFixture {
  static func configuration(
    _ architecture: String, _ values: [TrainKey: ParameterValue] = [:]
  ) throws -> Configuration {
    try Configuration(architecture: Architecture(parsing: architecture), values)
  }

  /// A run that ended with `total` nats at each of its epochs, and with a latent of each of the
  /// variances `varMu`, and with the units in `dead`.
  static func ok(
    _ configuration: Configuration, seed: UInt32, total: Double, varMu: [Double] = [1],
    dead: [DeadUnits] = [DeadUnits(layer: "encoder_1", count: 3)]
  ) -> Outcome {
    let terms = LossTerms(reconstruction: total - 5, kl: 5, total: total)
    let record = EpochRecord(
      epoch: 1, trainRunningTotal: total + 2, test: terms, testReconstructionAtMean: total - 6)
    let latents = varMu.map {
      LatentStatistics(varMu: $0, meanSigma2: 0.5, kl: 2, gain: 10)
    }
    var study = StudyMeasures()
    study[.coverage] = total / 1_000
    let final = FinalMeasurements(
      train: LossTerms(reconstruction: total - 6, kl: 5, total: total - 1), latents: latents,
      deadUnits: dead, study: study, digest: "ab")
    return outcome(
      configuration, seed, TrainingResult(history: [record], ending: .completed(final)))
  }

  static func diverged(_ configuration: Configuration, seed: UInt32) -> Outcome {
    outcome(configuration, seed, TrainingResult(history: [], ending: .diverged(epoch: 1)))
  }

  private static func outcome(
    _ configuration: Configuration, _ seed: UInt32, _ result: TrainingResult
  )
    -> Outcome
  {
    let point = Point(configuration: configuration, seeds: Seeds(seed))
    return Outcome(
      key: point.key(dataset: Digest(of: "data"), trainerVersion: 1), point: point, result: result)
  }

  static func planned(_ configuration: Configuration, _ points: Int) throws
    -> Grid.PlannedConfiguration
  {
    let axes = [
      GridAxis(key: .architecture, values: .list([.architecture(configuration.architecture)])),
      GridAxis(key: .seed, values: .seeds(0...UInt32(points - 1))),
    ]
    var train = configuration.values
    train[.limit] = nil
    let grid = try Grid(axes: axes, train: train)
    var found: [Grid.PlannedConfiguration] = []
    grid.forEachConfiguration {
      found.append($0)
      return true
    }
    return found[0]
  }
}
