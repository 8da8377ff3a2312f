import ResultStore
import StoredStudy
import Study
import Sweep
import TestSupport
import Testing
import VAE

@Suite("A record of an earlier version")
struct EarlierRecordTests {
  private static let yaml = """
    name: old
    dataset: digits
    grid: {architecture: 784-3-2, seed: 0..1}
    train: {epochs: 2, schedule: 0.5@7}
    """

  /// A store with one outcome, of a point of which nobody asks for the schedule any more.
  private func store(_ path: String, _ outcome: Outcome) throws {
    let fingerprint = Digest(of: "a fingerprint").hex
    let identity = StoreIdentity(
      datasetDigest: Digest(of: "data"), trainerVersion: 1, blasCore: "haswell",
      fingerprint: fingerprint, mixed: false)
    let worker = WorkerRecord(
      id: WorkerRecordID(session: 7), host: "node-1", cpu: "a CPU", slots: 1, version: "0.1.0",
      fingerprint: fingerprint)
    let store = try ResultStore(path: path, identity: identity)
    let start = try store.startEpoch()
    let sweep = try store.register(
      sweep: "old", dataset: "digits", definition: Digest(of: "a definition"), yaml: Self.yaml,
      at: 1)
    let attempt = AttemptID(epoch: start.epoch, counter: 1, start: start.number)
    let receipt = Receipt(
      host: "node-1", cpu: "a CPU", blasCore: "haswell", fingerprint: fingerprint,
      version: "0.1.0", imagesPerSecond: 1, seconds: 1, finishedAt: 3)
    let answers = try store.commit([
      .worker(worker, at: 1),
      .attempt(
        attempt, key: outcome.key, index: 1, point: outcome.point, sweep: sweep,
        worker: worker.id, at: 2),
      .outcome(outcome, receipt, attempt: attempt),
    ])
    #expect(answers == [.stored, .stored, .stored])
  }

  @Test("with more of a schedule than has a consequence is read with its key, and shown")
  func schedule() throws {
    let folder = try TemporaryFolder()
    let path = folder["old.sqlite"]
    let configuration = try Configuration(
      architecture: Architecture(parsing: "784-3-2"),
      [.epochs: .int(2), .schedule: .string("0.5@7")], from: .record)
    let outcome = RunFixture.outcome(
      Point(configuration: configuration, seeds: Seeds(1)), total: nil)
    try store(path, outcome)
    let study = try StoredStudy(try StoreReader(path: path))
    #expect(study.leftOut.isEmpty)
    #expect(study.outcomes.map(\.outcome.key) == [outcome.key])
    #expect(study.outcomes.map(\.outcome.point) == [outcome.point])
    // What is asked for now is another point, which is still to be trained.
    let runs = study.configurations
    #expect(runs.map { $0.configuration[.schedule] } == [.null, .string("0.5@7")])
    #expect(runs.map(\.counts.planned) == [2, 0])
    #expect(runs.map(\.counts.diverged) == [0, 1])
  }
}
