import ResultStore
import Sweep
import VAE

/// Stores with results that no training gave: whole and sealed, as only the program itself can write them.
enum ForgedStore {
  /// Writes the outcomes of a store into a new one, each as `change` leaves it.
  static func make(
    _ path: String, from source: String,
    change: (_ outcome: Outcome, _ receipt: inout Receipt) -> Outcome = { outcome, _ in outcome }
  ) throws {
    let reader = try StoreReader(path: source)
    let (store, sweep, start) = try open(path, like: reader, source)
    var operations: [StoreOperation] = []
    for (index, stored) in try reader.outcomes(history: .full).enumerated() {
      var receipt = stored.receipt
      let outcome = change(stored.outcome, &receipt)
      let attempt = AttemptID(epoch: start.epoch, counter: UInt64(index), start: start.number)
      let worker = WorkerRecordID(session: 7)
      operations += [
        .worker(
          WorkerRecord(
            id: worker, host: receipt.host, cpu: receipt.cpu, slots: 1, version: receipt.version,
            fingerprint: receipt.fingerprint), at: 1),
        .attempt(
          attempt, key: outcome.key, index: index, point: outcome.point, sweep: sweep,
          worker: worker, at: 2),
        .outcome(outcome, receipt, attempt: attempt),
      ]
    }
    _ = try store.commit(operations)
  }

  /// Makes a store that knows of one more point of the sweep, which its own error has ended.
  ///
  /// - Parameter source: The store whose sweep it is; `path` itself unless told.
  static func fail(_ point: Point, in path: String, like source: String? = nil, reason: String)
    throws -> PointKey
  {
    let source = source ?? path
    let reader = try StoreReader(path: source)
    let (store, sweep, start) = try open(path, like: reader, source)
    let attempt = AttemptID(epoch: start.epoch, counter: 0, start: start.number)
    let stored = try reader.sweeps()[0]
    let key = point.key(dataset: stored.datasetDigest, trainerVersion: stored.trainerVersion)
    let worker = WorkerRecordID(session: 8)
    _ = try store.commit([
      .worker(
        WorkerRecord(
          id: worker, host: "node-8", cpu: "a CPU", slots: 1, version: "0.1.0", fingerprint: "f"),
        at: 1),
      .attempt(attempt, key: key, index: 0, point: point, sweep: sweep, worker: worker, at: 2),
      .failure(attempt, key: key, .point(reason), at: 3),
    ])
    return key
  }

  private static func open(_ path: String, like reader: StoreReader, _ source: String) throws
    -> (ResultStore, SweepID, CoordinatorStart)
  {
    let swept = try reader.sweeps()[0]
    let terms = try ResultStore.recordedTerms(path: source)
    let store = try ResultStore(
      path: path,
      identity: StoreIdentity(
        datasetDigest: swept.datasetDigest, trainerVersion: swept.trainerVersion,
        blasCore: terms?.blasCore ?? "", fingerprint: terms?.fingerprint ?? "", mixed: true))
    let start = try store.startEpoch()
    let sweep = try store.register(
      sweep: swept.name, dataset: swept.dataset, definition: swept.definition, yaml: swept.yaml,
      at: 1)
    return (store, sweep, start)
  }

  /// The outcome with another last test error: one bit is enough.
  static func shifted(_ outcome: Outcome, by shift: Double) -> Outcome {
    var result = outcome.result
    guard let last = result.history.indices.last else { return outcome }
    result.history[last].test.total += shift
    return Outcome(
      key: outcome.key, point: outcome.point, result: result, resultVersion: outcome.resultVersion)
  }
}
