import Coordinator
import Foundation
import Logging
import Platform
import ResultStore
import Sweep
import VAE
import Wire
import ZeroMQ

/// The coordinator that `bench dispatch` measures: the real service on a real store, in a process
/// of its own, which says on standard output where it listens and, at its end, what it took.
struct DispatchCoordinator {
  let sweep: DispatchSweep
  let store: String
  let lease: Duration

  func run() throws {
    let stop = try StopSignal()
    InputWatch.request(stop)
    let listener = try CoordinatorListener(.anyLoopbackPort)
    let store = try ResultStore(path: store, identity: DispatchSweep.identity)
    let id = try sweep.register(in: store)
    let definition = sweep.definition
    let opened = try OpenedStore(store, sweep: id, grace: .zero) { epoch in
      var settings = SchedulerSettings(
        sweep: definition.name, grid: definition.grid, dataset: DispatchSweep.dataset,
        datasetName: definition.dataset, datasetBytes: 1, trainerVersion: Trainer.version,
        coordinatorEpoch: epoch, blasCore: DispatchSweep.blasCore,
        fingerprint: DispatchSweep.fingerprint, mixed: false)
      settings.lease = lease
      return settings
    }
    var logger = Logger.console()
    logger.logLevel = .warning
    let service = try CoordinatorService(
      listener: listener, options: CoordinatorOptions(datasetFile: "/dev/null"), store: opened,
      stop: stop, logger: logger)
    try say(["endpoint": .string(service.endpoint.description)])
    let ending = try service.run(stopWorkers: nil, watch: { _ in })
    try say([
      "ok": .int(ending.status.ok), "failed": .int(ending.status.failed),
      "peak_rss_mb": JSONValue(ProcessFacts.peakRSSMegabytes),
      "cpu_seconds": JSONValue(ProcessFacts.cpuSeconds),
    ])
  }

  /// Fills the store with the outcomes of the first points, as a coordinator would have.
  func fill(_ count: Int) throws {
    let store = try ResultStore(path: store, identity: DispatchSweep.identity)
    let id = try sweep.register(in: store)
    let start = try store.startEpoch()
    let hello = DispatchSweep.hello(slots: 1)
    let worker = WorkerRecordID(session: 1)
    _ = try store.commit([
      .worker(
        WorkerRecord(
          id: worker, host: hello.host, cpu: hello.cpu, slots: 1, version: hello.version,
          fingerprint: DispatchSweep.fingerprint), at: 0)
    ])
    var batch: [StoreOperation] = []
    for (index, point) in sweep.definition.grid.points.prefix(count) {
      let key = point.key(dataset: DispatchSweep.dataset, trainerVersion: Trainer.version)
      let attempt = AttemptID(
        epoch: start.epoch, counter: UInt64(index + 1), start: start.number)
      batch.append(
        .attempt(
          attempt, key: key, index: index, point: point, sweep: id, worker: worker, at: 0))
      batch.append(
        .outcome(
          DispatchSweep.outcome(of: point, key: key), DispatchSweep.receipt, attempt: attempt))
      if batch.count >= 10_000 {
        _ = try store.commit(batch)
        batch.removeAll(keepingCapacity: true)
      }
    }
    _ = try store.commit(batch)
  }

  private func say(_ value: JSONValue) throws(CommandError) {
    try Output.write(value.compact + "\n")
    try Output.flush()
  }
}
