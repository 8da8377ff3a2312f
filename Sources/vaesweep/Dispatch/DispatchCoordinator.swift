import Coordinator
import Dashboard
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
  /// Whether it is looked at, as with `--http`.
  var isServed = false

  func run() throws {
    let stop = try StopSignal()
    InputWatch.request(stop)
    let listener = try CoordinatorListener(.anyLoopbackPort)
    let definition = sweep.definition
    let follower = isServed ? SweepFollower(definition.grid, store: store) { Untimed() } : nil
    let server = try follower.map { try Self.serve($0) }
    let store = try ResultStore(path: store, identity: DispatchSweep.identity)
    let id = try sweep.register(in: store)
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
      follower: follower, stop: stop, logger: logger)
    try say([
      "endpoint": .string(service.endpoint.description),
      "port": server.map { .int(Int($0.address.port)) } ?? .null,
    ])
    let ending = try withExtendedLifetime(server) {
      try service.run(stopWorkers: nil, watch: { follower?.publish($0) })
    }
    try say([
      "ok": .int(ending.status.ok), "failed": .int(ending.status.failed),
      "peak_rss_mb": JSONValue(ProcessFacts.peakRSSMegabytes),
      "cpu_seconds": JSONValue(ProcessFacts.cpuSeconds),
    ])
  }

  private static func serve(_ follower: SweepFollower) throws(DashboardError) -> DashboardServer {
    let pages = DashboardPages(
      follower.board,
      program: ProgramFacts(version: programVersion, trainerVersion: Trainer.version))
    return try DashboardServer(
      at: HTTPAddress(host: .ip4("127.0.0.1"), port: 0), rule: AccessRule(token: nil), pages: pages)
  }

  /// Points that train nothing take no time.
  private struct Untimed: PointTiming {
    mutating func learn(_ outcome: Outcome, _ receipt: Receipt) {}

    mutating func seconds(_ configuration: Configuration) -> ClosedRange<Double>? { nil }
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
