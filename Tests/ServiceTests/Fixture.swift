import Coordinator
import Dataset
import Foundation
import Logging
import Platform
import ResultStore
import Sweep
import SweepFile
import TestSupport
import VAE
import Wire
import Worker
import ZeroMQ

/// A coordinator and workers in threads of the test's own process; only trainers are processes.
struct ServiceFixture {
  let folder: TemporaryFolder
  let definition: SweepDefinition
  let dataset: PreparedDataset
  let folders: DataFolders

  /// - Parameter more: Further axes, as `, limit: [none, 9999]`.
  init(seeds: String = "0..2", more: String = "", pictures: String = "") throws {
    folder = try TemporaryFolder()
    folders = DataFolders(environment: ["XDG_CACHE_HOME": folder["cache"]])
    dataset = try prepareDataset(
      .digits(train: 200, test: 50), folders: folders, allowFetch: false, log: { _ in })
    definition = try SweepFile.parse(
      yaml: """
        name: service
        grid: {architecture: 784-4-2, seed: \(seeds)\(more)}
        train: {epochs: 2}
        pictures: \(pictures)
        """, file: "service.yaml")
  }

  static let binary =
    Machine.environment["VAESWEEP_BINARY"]
    ?? URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    .appending(path: "vaesweep").path

  /// What trainers on this machine compute.
  static func fingerprint() throws -> String {
    guard let ready = try TrainerProbe.ask(binary: binary, blasCore: "haswell") else {
      throw UnmetRequirement("no trainer answers")
    }
    return ready.fingerprint
  }

  /// - Parameters:
  ///   - endpoint: Where it listens, so that another can take its place.
  ///   - writer: Changes what makes its records durable.
  func coordinator(
    _ stop: StopSignal, fingerprint: String, keys: CoordinatorKeys? = nil,
    at endpoint: Endpoint = .anyLoopbackPort, grace: Duration = .zero,
    writer: (any RecordCommitting) -> any RecordCommitting = { $0 }
  ) throws -> CoordinatorService {
    let digest = try digest(dataset.digest)
    let identity = StoreIdentity(
      datasetDigest: digest, trainerVersion: Trainer.version, blasCore: "haswell",
      fingerprint: fingerprint, mixed: false)
    let listener = try CoordinatorListener(endpoint, keys: keys)
    let store = try ResultStore(path: folder["s.sqlite"], identity: identity)
    let sweep = try store.register(
      sweep: definition.name, dataset: "digits", definition: definition.definitionDigest,
      yaml: "", at: 0)
    var opened = try OpenedStore(store, sweep: sweep, grace: grace) { epoch in
      var settings = SchedulerSettings(
        sweep: definition.name, grid: definition.grid, dataset: digest, datasetName: "digits",
        datasetBytes: IDXLayout.size(trainCount: 200, testCount: 50),
        trainerVersion: Trainer.version, coordinatorEpoch: epoch, blasCore: "haswell",
        fingerprint: fingerprint, mixed: false)
      settings.artifacts = definition.artifacts
      return settings
    }
    opened.writer = writer(opened.writer)
    return try CoordinatorService(
      listener: listener, options: CoordinatorOptions(datasetFile: dataset.cacheFile),
      store: opened, stop: stop, logger: Self.silent)
  }

  func worker(
    _ endpoint: Endpoint, _ session: UInt64, _ stop: StopSignal, keys: WorkerKeys? = nil,
    state: StateFolder? = nil
  ) throws -> AgentService {
    return try AgentService(
      options: AgentOptions(
        endpoint: endpoint,
        settings: AgentSettings(
          session: SessionID(session), hello: Self.hello(), wait: .seconds(60), stay: false),
        binary: Self.binary, folders: folders, keys: keys, state: state), stop: stop,
      logger: Self.silent)
  }

  static func hello() -> Hello {
    Hello(
      version: programVersion, trainerVersion: Trainer.version,
      host: "test", process: 1, cpu: "test", slots: 1, cores: 1, blasCores: ["haswell"])
  }

  static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  private func digest(_ hex: String) throws -> Digest {
    guard let digest = Digest(hex: hex) else { throw UnmetRequirement("\(hex) is no digest") }
    return digest
  }
}
