import Foundation
import GRDB
import ResultStore
import Sweep
import TestSupport
import VAE

extension TemporaryFolder {
  func file(_ name: String = "store.vaesweep") -> String { self[name] }
}

/// Points, outcomes and stores to try things on.
enum Fixture {
  static let dataset = Digest(of: "a dataset")
  static let identity = StoreIdentity(
    datasetDigest: dataset, trainerVersion: 1, blasCore: "haswell",
    fingerprint: Digest(of: "a fingerprint").hex, mixed: false)
  static let worker = WorkerRecord(
    id: WorkerRecordID(session: .max - 1), host: "node-1", cpu: "a CPU", slots: 2,
    version: "0.1.0", fingerprint: identity.fingerprint)

  static func point(
    _ seed: UInt32 = 0, _ architecture: String = "784-256-32-8-4",
    _ values: [TrainKey: ParameterValue] = [:]
  ) throws -> Point {
    Point(
      configuration: try Configuration(architecture: Architecture(parsing: architecture), values),
      seeds: Seeds(seed))
  }

  static func key(_ point: Point) -> PointKey { point.key(dataset: dataset, trainerVersion: 1) }

  static func receipt(host: String = "node-1", fingerprint: String = identity.fingerprint)
    -> Receipt
  {
    Receipt(
      host: host, cpu: "a CPU", blasCore: "haswell", fingerprint: fingerprint, version: "0.1.0",
      imagesPerSecond: 12_345.678, seconds: 98.7, finishedAt: 1_763_856_000.125)
  }

  /// An outcome with awkward numbers; `shift` makes another result of the same point.
  static func completed(_ point: Point, epochs: Int = 7, shift: Double = 0) -> Outcome {
    let configuration = point.configuration
    let history = (1...epochs).map { epoch in
      EpochRecord(
        epoch: epoch, trainRunningTotal: 200.1 / Double(epoch),
        test: LossTerms(
          reconstruction: 150 + 1 / 3.0, kl: 6.02e-7, total: 156.1 + shift + Double(epoch) * 1e-13),
        testReconstructionAtMean: 0.1 + 0.2)
    }
    let latents = (0..<configuration.architecture.latentDim).map { latent in
      LatentStatistics(
        varMu: latent == 0 ? 0.0099 : 1.0 / Double(latent),
        meanSigma2: configuration.sampling ? 0.3 : nil, kl: .leastNonzeroMagnitude, gain: -1.5,
        meanMu: -0.1 / Double(latent + 3))
    }
    var study = StudyMeasures()
    for (index, measure) in StudyMeasure.allCases.enumerated()
    where measure.applies(to: configuration) && measure != .coverageWhitened {
      study[measure] = 1 / Double(index + 3)
    }
    let final = FinalMeasurements(
      train: LossTerms(reconstruction: 100.25, kl: 5.5, total: 105.75), latents: latents,
      deadUnits: [
        DeadUnits(layer: "encoder_1", count: 12), DeadUnits(layer: "encoder_2", count: 0),
        DeadUnits(layer: "decoder_1", count: 3),
      ], study: study, digest: Digest(of: "parameters \(shift)").hex)
    return Outcome(
      key: key(point), point: point,
      result: TrainingResult(history: history, ending: .completed(final)))
  }

  /// Another outcome of the point with this seed than `completed` gives.
  static func other(_ seed: UInt32) throws -> Outcome {
    completed(try point(seed), shift: 1)
  }

  /// Makes a store one of version 2, whose rows bore no seals.
  static func removeSeals(_ path: String) throws {
    try DatabaseQueue(path: path).write { db in
      try db.execute(sql: "ALTER TABLE store DROP COLUMN schema_seal; PRAGMA user_version = 2")
      for table in try String.fetchAll(
        db, sql: "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%seal INTEGER%'"
      ) {
        try db.execute(sql: "ALTER TABLE \(table) DROP COLUMN seal")
      }
    }
  }

  static func diverged(_ point: Point) -> Outcome {
    let history = [
      EpochRecord(
        epoch: 1, trainRunningTotal: 1e300,
        test: LossTerms(reconstruction: 1, kl: 2, total: 3), testReconstructionAtMean: 4),
      EpochRecord(
        epoch: 2, trainRunningTotal: .nan,
        test: LossTerms(reconstruction: .infinity, kl: -.infinity, total: .nan),
        testReconstructionAtMean: .nan),
    ]
    return Outcome(
      key: key(point), point: point,
      result: TrainingResult(history: history, ending: .diverged(epoch: 2)))
  }
}

/// An open store with a sweep, a worker and an epoch, and short words for what is done with it.
struct OpenStore {
  let store: ResultStore
  let sweep: SweepID
  let start: CoordinatorStart

  init(_ path: String, identity: StoreIdentity = Fixture.identity) throws {
    store = try ResultStore(path: path, identity: identity)
    start = try store.startEpoch()
    sweep = try store.register(
      sweep: "a sweep", dataset: "digits", definition: Digest(of: "a definition"),
      yaml: "name: a sweep\n", at: 1)
    _ = try store.commit([.worker(Fixture.worker, at: 1)])
  }

  func attempt(_ counter: UInt64) -> AttemptID {
    AttemptID(epoch: start.epoch, counter: counter, start: start.number)
  }

  func grant(_ counter: UInt64, _ point: Point) -> StoreOperation {
    .attempt(
      attempt(counter), key: Fixture.key(point), index: Int(counter), point: point, sweep: sweep,
      worker: Fixture.worker.id, at: 2)
  }

  func fail(_ counter: UInt64, _ point: Point, _ reason: FailureReason) -> StoreOperation {
    .failure(attempt(counter), key: Fixture.key(point), reason, at: 3)
  }

  func deliver(_ counter: UInt64, _ outcome: Outcome, host: String = "node-1") -> StoreOperation {
    .outcome(outcome, Fixture.receipt(host: host), attempt: attempt(counter))
  }
}
