package import Sweep
package import VAE

/// Grids and outcomes whose numbers a test can name.
package enum RunFixture {
  package static func grid(
    _ architectures: [String], seeds: UInt32, axes: [TrainKey: [ParameterValue]] = [:],
    train: [TrainKey: ParameterValue] = [:]
  ) throws -> Grid {
    var list = [
      GridAxis(
        key: .architecture,
        values: .list(
          try architectures.map { .architecture(try Architecture(parsing: $0)) }))
    ]
    for (key, values) in axes {
      list.append(GridAxis(key: .train(key), values: .list(values.map(GridValue.parameter))))
    }
    list.append(GridAxis(key: .seed, values: .seeds(0...(seeds - 1))))
    return try Grid(axes: list, train: train)
  }

  /// A run that ended with `total` nats and as many `collapsed` latents; without a total it
  /// diverged.
  ///
  /// - Parameters:
  ///   - variance: Var(μ) of the collapsed latents.
  ///   - earlier: The totals of the epochs before the last.
  package static func outcome(
    _ point: Point, total: Double?, collapsed: Int = 0, variance: Double = 0.001,
    earlier: [Double] = [],
    dead: [DeadUnits] = [DeadUnits(layer: "encoder_1", count: 3)], study: StudyMeasures = .init()
  ) -> Outcome {
    let key = point.key(dataset: Digest(of: "data"), trainerVersion: 1)
    guard let total else {
      return Outcome(
        key: key, point: point,
        result: TrainingResult(history: [], ending: .diverged(epoch: 2)))
    }
    func terms(_ total: Double) -> LossTerms {
      LossTerms(reconstruction: total - 5, kl: 5, total: total)
    }
    let latents = (0..<point.configuration.architecture.latentDim).map {
      LatentStatistics(varMu: $0 < collapsed ? variance : 1, meanSigma2: 0.5, kl: 2, gain: 10)
    }
    let history = (earlier + [total]).enumerated().map { place, total in
      EpochRecord(
        epoch: place + 1, trainRunningTotal: total + 2, test: terms(total),
        testReconstructionAtMean: total - 6)
    }
    let final = FinalMeasurements(
      train: terms(total), latents: latents, deadUnits: dead, study: study, digest: "ab")
    return Outcome(
      key: key, point: point,
      result: TrainingResult(history: history, ending: .completed(final)))
  }

  package static let receipt = Receipt(
    host: "alpha", cpu: "a, \"b\"", blasCore: "haswell", fingerprint: "f", version: "0.1.0",
    imagesPerSecond: 30_000, seconds: 12.5, finishedAt: 1.7e9)
}
