import Coordinator
import Dataset
import Glibc
import Platform
import ResultStore
import Sweep
import Synchronization
import TestSupport
import Testing
import VAE
import Wire
import Worker
import ZeroMQ

@Suite("A coordinator that dies over a checkpoint", .serialized)
struct CheckpointCrashTests {
  /// Dies at every step of taking a checkpoint in turn: the worker, the attempt, the checkpoint.
  ///
  /// Before its record it is a file that nobody relies upon; after it, it is gone on from. What a
  /// coordinator that died has left half-written is swept away.
  @Test("goes on from every checkpoint that it has promised to keep, and leaves no file behind")
  func everyStep() throws {
    let fingerprint = try ServiceFixture.fingerprint()
    let expected = try undisturbed(fingerprint)
    var steps = 0
    var promises = 0
    var isPast = false
    while !isPast {
      steps += 1
      for moment in DyingWriter.Moment.allCases {
        let fixture = try ServiceFixture(seeds: "0")
        let endpoint = try Endpoint(parsing: "ipc://\(fixture.folder["socket"])")
        let first = try begin(fixture, fingerprint, endpoint, step: steps, moment)
        isPast = !first.hasDied
        if first.ending.isPromised { promises += 1 }
        let folder = fixture.folder["s.sqlite.checkpoints"]
        mkdir(folder, 0o755)
        let name = String(repeating: "e", count: 64)
        for suffix in [".checkpoint", ".checkpoint.new"] {
          try fixture.folder.write([1, 2, 3], to: "s.sqlite.checkpoints/\(name)\(suffix)")
        }
        let resumed = try finish(fixture, fingerprint, endpoint)
        let said = "step \(steps), \(moment)"
        if first.ending.isPromised { #expect(resumed, "\(said)") }
        // It is on record, though nobody could say so.
        if moment == .after, !isPast, steps == Self.checkpointStep { #expect(resumed, "\(said)") }
        if moment == .before, !isPast { #expect(!resumed, "\(said)") }
        let outcomes = try StoreReader(path: fixture.folder["s.sqlite"]).outcomes(history: .full)
        #expect(outcomes.map(\.resultDigest) == [expected], "\(said)")
        #expect(access(folder, F_OK) != 0, "\(said)")
      }
      try #require(steps < 20)
    }
    #expect(steps > Self.checkpointStep)
    #expect(promises > 0)
  }

  @Test("whose file is lost makes room for the next one, however near the start")
  func lostFile() throws {
    let fingerprint = try ServiceFixture.fingerprint()
    let fixture = try ServiceFixture(seeds: "0")
    let endpoint = try Endpoint(parsing: "ipc://\(fixture.folder["socket"])")
    for _ in 0..<2 {
      // It lives to hear of the checkpoint, and is stopped.
      let first = try begin(fixture, fingerprint, endpoint, step: 100, .before)
      #expect(first.ending.isPromised)
      let folder = "s.sqlite.checkpoints"
      for name in fixture.folder.names(in: folder) { unlink(fixture.folder["\(folder)/\(name)"]) }
    }
    #expect(try !finish(fixture, fingerprint, endpoint))
  }

  /// The worker and the attempt are one step, the checkpoint is the next.
  private static let checkpointStep = 2

  private func undisturbed(_ fingerprint: String) throws -> Digest {
    let fixture = try ServiceFixture(seeds: "0")
    let coordinator = try RunningCoordinator(fixture, fingerprint: fingerprint)
    #expect(try fixture.worker(coordinator.endpoint(), 1, try StopSignal()).run().status == 0)
    #expect(try coordinator.ending().isComplete)
    let outcomes = try StoreReader(path: fixture.folder["s.sqlite"]).outcomes(history: .full)
    return try #require(outcomes.first?.resultDigest)
  }

  /// A coordinator that dies at a step, and a worker that hands it a checkpoint.
  private func begin(
    _ fixture: ServiceFixture, _ fingerprint: String, _ endpoint: Endpoint, step: Int,
    _ moment: DyingWriter.Moment
  ) throws -> (ending: ScriptedWorker.Ending, hasDied: Bool) {
    let death = try #require(DyingWriter.anyError(fixture))
    let stop = try StopSignal()
    let isOver = Mutex(false)
    let coordinator = Background {
      defer { isOver.withLock { $0 = true } }
      let service = try fixture.coordinator(stop, fingerprint: fingerprint, at: endpoint) {
        DyingWriter($0, step: step, moment, death: death)
      }
      return try service.run(stopWorkers: nil, watch: { _ in }).isComplete
    }
    var worker = try ScriptedWorker(endpoint, 1, fingerprint: fingerprint)
    let ending = try worker.work(
      until: { isOver.withLock { $0 } },
      checkpoint: { try Self.checkpoint(of: $0, fingerprint, fixture) })
    stop.request()
    do {
      _ = try coordinator.value()
      return (ending, false)
    } catch is CoordinatorError {
      return (ending, true)
    }
  }

  /// The next coordinator: whoever takes the point goes on from a checkpoint, or does not.
  private func finish(
    _ fixture: ServiceFixture, _ fingerprint: String, _ endpoint: Endpoint
  ) throws -> Bool {
    let isOver = Mutex(false)
    let coordinator = Background {
      defer { isOver.withLock { $0 = true } }
      let service = try fixture.coordinator(
        try StopSignal(), fingerprint: fingerprint, at: endpoint)
      return try service.run(stopWorkers: nil, watch: { _ in }).isComplete
    }
    var witness = try ScriptedWorker(endpoint, 2, fingerprint: fingerprint)
    let grant = try witness.work(until: { isOver.withLock { $0 } }).grant
    try witness.leave()
    let state = try StateFolder(fixture.folder["state"], session: SessionID(3))
    #expect(try fixture.worker(endpoint, 3, try StopSignal(), state: state).run().status == 0)
    #expect(try coordinator.value())
    return try #require(grant).checkpoint != nil
  }

  /// A checkpoint in the middle of the point's training, as a trainer makes it.
  private static func checkpoint(
    of grant: Grant, _ fingerprint: String, _ fixture: ServiceFixture
  ) throws -> (CheckpointReference, [UInt8]) {
    let trainer = try Trainer(
      configuration: grant.point.configuration, seeds: grant.point.seeds,
      dataset: fixture.dataset.open())
    var state: TrainerState?
    _ = trainer.run { _ in
      state = trainer.state
      return state?.step ?? 0 < 2
    }
    let checkpoint = Checkpoint(
      key: grant.key, attempt: grant.attempt, fingerprint: fingerprint,
      trainerVersion: Trainer.version, state: try #require(state))
    let bytes = checkpoint.data
    let largest = CheckpointExchange.maxSize(of: grant.point.configuration.architecture)
    #expect(bytes.count <= largest - (16 << 20))
    let reference = CheckpointReference(
      digest: Digest(of: bytes), size: bytes.count, step: checkpoint.state.step,
      fingerprint: fingerprint)
    return (reference, bytes)
  }
}
