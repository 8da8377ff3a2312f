import Foundation
import GRDB
import ResultStore
import Sweep
import TestSupport
import Testing

@Suite("Drained hosts and checkpoints in the store")
struct DrainTests {
  private let folder: TemporaryFolder
  private let open: OpenStore
  private let point: Point

  init() throws {
    folder = try TemporaryFolder()
    open = try OpenStore(folder.file())
    point = try Fixture.point()
    _ = try open.store.commit((1...9).map { open.grant($0, point) })
  }

  private func tally() throws -> FailureTally? {
    try StoreReader(path: folder.file()).troubledPoints().first?.tally
  }

  @Test("failures on a drained host do not count, and are kept all the same")
  func excused() throws {
    for number: UInt64 in 1...3 {
      _ = try open.store.commit([open.fail(number, point, .hung(seconds: 300))])
    }
    #expect(try tally()?.isFailed == true)
    _ = try open.store.commit([
      .drain(
        host: "node-1", reason: "all fails there", excused: [open.attempt(1), open.attempt(3)],
        at: 4)
    ])
    #expect(try tally() == FailureTally(lost: 1, reason: .hung(seconds: 300)))
    let reader = try StoreReader(path: folder.file())
    #expect(try reader.failures().count == 3)
    #expect(try reader.drainedHosts().map(\.name) == ["node-1"])
    // Said again it is one drain, and one more failure excused.
    _ = try open.store.commit([
      .drain(host: "node-1", reason: "all fails there", excused: [open.attempt(2)], at: 5)
    ])
    #expect(try tally() == nil)
    _ = try open.store.commit([.drain(host: "node-1", reason: nil, excused: [], at: 6)])
    #expect(try open.store.drainedHosts().isEmpty)
    _ = try open.store.commit([.drain(host: "node-1", reason: "again", excused: [], at: 7)])
    #expect(try open.store.drainedHosts().map(\.reason) == ["again"])
  }

  @Test("hosts of one name with workers of two keys are told apart, and owners are remembered")
  func owners() throws {
    let other = try TemporaryFolder()
    let store = try ResultStore(path: other.file(), identity: Fixture.identity)
    var worker = Fixture.worker
    worker.owner = "key-1"
    _ = try store.commit([
      .worker(worker, at: 1),
      .drain(host: "node", owner: "key-1", reason: "bad", excused: [], at: 2),
      .drain(host: "node", owner: "key-2", reason: "worse", excused: [], at: 3),
      .drain(host: "node", owner: nil, reason: "worst", excused: [], at: 4),
      .drain(host: "node", owner: "key-2", reason: nil, excused: [], at: 5),
    ])
    #expect(try store.workerOwners() == [worker.id: "key-1"])
    let drained = try store.drainedHosts()
    #expect(drained.map(\.owner) == ["key-1", nil])
    #expect(drained.map(\.reason) == ["bad", "worst"])
  }

  @Test("a store made before they had their places gets them at its next start, with its failures")
  func added() throws {
    let other = try TemporaryFolder()
    let attempt: AttemptID
    do {
      let open = try OpenStore(other.file())
      attempt = open.attempt(2)
      _ = try open.store.commit([open.grant(1, point), open.grant(2, point)])
      _ = try open.store.commit([open.fail(1, point, .trainerSignal(9))])
    }
    try Fixture.removeSeals(other.file())
    try DatabaseQueue(path: other.file()).writeWithoutTransaction { db in
      let before = try String.fetchOne(
        db, sql: "SELECT sql FROM sqlite_master WHERE name = 'failures'")
      let failures = try #require(before).replacingOccurrences(of: ", 'hung'", with: "")
      try db.execute(
        sql: """
          DROP VIEW failed;
          DROP VIEW unfinished;
          DROP TABLE drains;
          DROP TABLE excused;
          DROP TABLE checkpoints;
          CREATE TABLE kept AS SELECT * FROM failures;
          DROP TABLE failures;
          \(failures);
          INSERT INTO failures SELECT * FROM kept;
          DROP TABLE kept;
          CREATE INDEX failures_by_key ON failures (key);
          CREATE VIEW unfinished AS SELECT key, count(*) AS lost, 0 AS own,
            max(id) AS last_failure_id FROM failures GROUP BY key;
          CREATE VIEW failed AS SELECT * FROM unfinished WHERE lost > 2;
          """)
    }
    #expect(try StoreReader(path: other.file()).drainedHosts().isEmpty)
    let store = try ResultStore(path: other.file(), identity: Fixture.identity)
    let reason = FailureReason.hung(seconds: 300)
    #expect(
      try store.commit([.failure(attempt, key: Fixture.key(point), reason, at: 3)]) == [.stored])
    let reader = try StoreReader(path: other.file())
    #expect(try reader.failures().map(\.reason) == [.trainerSignal(9), reason])
    #expect(try reader.troubledPoints().first?.tally == FailureTally(lost: 2, reason: reason))
  }

  private func checkpoint(_ counter: UInt64, step: Int) -> StoreOperation {
    .checkpoint(
      CheckpointRecord(
        attempt: open.attempt(counter), key: Fixture.key(point), digest: Digest(of: "\(step)"),
        size: 100, step: step, fingerprint: "f"), at: 4)
  }

  @Test("a checkpoint replaces the one before, never goes back, and goes with the outcome")
  func checkpoints() throws {
    #expect(try open.store.commit([checkpoint(2, step: 50)]) == [.stored])
    #expect(try open.store.commit([checkpoint(2, step: 50)]) == [.alreadyStored])
    #expect(try open.store.commit([checkpoint(2, step: 40)]) == [.alreadyStored])
    #expect(try open.store.commit([checkpoint(1, step: 60)]) == [.alreadyStored])
    #expect(try open.store.commit([checkpoint(3, step: 70)]) == [.stored])
    #expect(try open.store.commit([checkpoint(99, step: 80)]) == [.unknownAttempt])
    let kept = try open.store.checkpoints()
    #expect(kept.map(\.record.step) == [70])
    #expect(kept.map(\.point) == [point])
    _ = try open.store.commit([open.deliver(3, Fixture.completed(point))])
    #expect(try open.store.checkpoints().isEmpty)
    #expect(try open.store.commit([checkpoint(4, step: 90)]) == [.alreadyStored])
  }
}
