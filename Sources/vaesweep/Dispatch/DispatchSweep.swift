import Foundation
import ResultStore
import Sweep
import VAE
import Wire

/// The sweep that `bench dispatch` hands out: ten small nets and as many seeds as it takes.
///
/// Nothing is trained, so dataset and fingerprint are names only; everything else is as it always
/// is.
struct DispatchSweep {
  static let fingerprint = Digest(of: "bench dispatch: fingerprint").hex
  static let dataset = Digest(of: "bench dispatch: dataset")
  static let blasCore = "none"

  let definition: SweepDefinition

  /// - Parameter points: Rounded up to whole tens.
  init(points: Int) throws(CommandError) {
    let seeds = UInt32(clamping: max(1, (points + 9) / 10))
    do {
      var nets: [GridValue] = []
      for width in 1...10 {
        nets.append(.architecture(try Architecture(hidden: [16 * width], latentDim: 2)))
      }
      let grid = try Grid(
        axes: [
          GridAxis(key: .architecture, values: .list(nets)),
          GridAxis(key: .seed, values: .seeds(0...(seeds - 1))),
        ], train: [.epochs: .int(1)])
      definition = SweepDefinition(name: "bench-dispatch", dataset: "none", grid: grid)
    } catch {
      throw .badInput(error)
    }
  }

  static let identity = StoreIdentity(
    datasetDigest: dataset, trainerVersion: Trainer.version, blasCore: blasCore,
    fingerprint: fingerprint, mixed: false)

  func register(in store: ResultStore) throws(StoreError) -> SweepID {
    try store.register(
      sweep: definition.name, dataset: definition.dataset,
      definition: Digest(of: "bench dispatch of \(definition.grid.positions) points"), yaml: "",
      at: Date().timeIntervalSince1970)
  }

  /// What a trainer that takes no time would have measured: a valid outcome, another for each seed.
  static func outcome(of point: Point, key: PointKey) -> Outcome {
    let value = 100 + Double(point.seeds.order) / 7
    let loss = LossTerms(reconstruction: value, kl: 5.25, total: value + 5.25)
    let latents = (0..<point.configuration.architecture.latentDim).map { latent in
      LatentStatistics(
        varMu: 0.9 + Double(latent) / 64, meanSigma2: 0.01, kl: value / 90, gain: value / 3)
    }
    let record = EpochRecord(
      epoch: 1, trainRunningTotal: value + 7.125, test: loss,
      testReconstructionAtMean: value - 0.5)
    let final = FinalMeasurements(
      train: loss, latents: latents, deadUnits: [DeadUnits(layer: "encoder_1", count: 3)],
      digest: fingerprint)
    return Outcome(
      key: key, point: point,
      result: TrainingResult(history: [record], ending: .completed(final)))
  }

  static let receipt = Receipt(
    host: "bench", cpu: "none", blasCore: blasCore, fingerprint: fingerprint,
    version: programVersion, imagesPerSecond: 1, seconds: 0, finishedAt: 0)

  static func hello(slots: Int) -> Hello {
    Hello(
      version: programVersion, trainerVersion: Trainer.version,
      host: "bench", process: Int(ProcessInfo.processInfo.processIdentifier), cpu: "none",
      slots: slots, cores: slots, blasCores: [blasCore])
  }
}
