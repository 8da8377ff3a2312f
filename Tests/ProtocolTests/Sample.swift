import Coordinator
import Sweep
import VAE
import Wire
import Worker

/// Values that the simulated processes work on.
enum Sample {
  static let dataset = Digest(of: "simulated dataset")

  static func grid(points: Int) throws -> Grid {
    try Grid(
      axes: [
        GridAxis(
          key: .architecture,
          values: .list([.architecture(try Architecture(parsing: "784-16-2"))])),
        GridAxis(key: .seed, values: .seeds(0...UInt32(points - 1))),
      ], train: [.epochs: .int(1)])
  }

  static func settings(_ grid: Grid, epoch: UInt64) -> SchedulerSettings {
    SchedulerSettings(
      sweep: "simulated", grid: grid, dataset: dataset, datasetName: "simulated",
      datasetBytes: 100, trainerVersion: Trainer.version, coordinatorEpoch: epoch,
      blasCore: "haswell", fingerprint: "f", mixed: false)
  }

  static func hello(_ session: UInt64, slots: Int = 2) -> Hello {
    Hello(
      version: programVersion, trainerVersion: Trainer.version,
      host: "host\(session)", process: 1, cpu: "cpu", slots: slots, cores: slots,
      blasCores: ["haswell"])
  }

  /// The record of a checkpoint of what was granted, which the store has taken.
  static func checkpoint(of grant: Grant, step: Int) -> CommittedRecord {
    let bytes = Array("\(grant.key) \(step)".utf8)
    let reference = CheckpointReference(
      digest: Digest(of: bytes), size: bytes.count, step: step, fingerprint: "f")
    return CommittedRecord(.checkpoint(grant.attempt, key: grant.key, reference))
  }

  static func key(of point: Point) -> PointKey {
    outcomes.indices.contains(Int(point.seeds.order))
      ? outcomes[Int(point.seeds.order)].key
      : point.key(dataset: dataset, trainerVersion: Trainer.version)
  }

  /// Points that cannot be trained, by anybody.
  static func isRefused(_ point: Point) -> Bool { point.seeds.order % 6 == 5 }

  /// What training a point gives, whoever does it.
  static func outcome(of point: Point) -> Outcome {
    let index = Int(point.seeds.order)
    return outcomes.indices.contains(index) && outcomes[index].point == point
      ? outcomes[index] : makeOutcome(of: point)
  }

  /// Those of the first points of every grid, made once: digests take most of a history's time.
  private static let outcomes: [Outcome] = {
    guard let grid = try? Self.grid(points: 32) else { return [] }
    return grid.points.map { makeOutcome(of: $0.1) }
  }()

  private static func makeOutcome(of point: Point) -> Outcome {
    let value = Double(point.seeds.order)
    let loss = LossTerms(reconstruction: value, kl: 1, total: value + 1)
    let record = EpochRecord(
      epoch: 1, trainRunningTotal: value, test: loss, testReconstructionAtMean: value)
    let ending: TrainingEnding =
      point.seeds.order % 7 == 6
      ? .diverged(epoch: 1)
      : .completed(FinalMeasurements(train: loss, latents: [], deadUnits: [], digest: "\(value)"))
    return Outcome(
      key: point.key(dataset: dataset, trainerVersion: Trainer.version), point: point,
      result: TrainingResult(history: [record], ending: ending))
  }

  /// What is kept of a run for its pictures, whoever trains it.
  static func artifact(_ kind: ArtifactKind, of point: Point, bytes: Int = 40) -> Artifact {
    var arrays = NamedArrays()
    let values = (0..<bytes).map { UInt8(truncatingIfNeeded: $0 &+ Int(point.seeds.order) * 7) }
    arrays.set(kind.rawValue, shape: [bytes], .bytes(values))
    return Artifact(kind: kind, data: arrays.data)
  }

  static let receipt = Receipt(
    host: "h", cpu: "c", blasCore: "haswell", fingerprint: "f", version: programVersion,
    imagesPerSecond: 1, seconds: 1, finishedAt: 0)
}
