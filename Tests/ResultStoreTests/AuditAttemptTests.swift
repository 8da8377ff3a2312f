import ResultStore
import Sweep
import TestSupport
import Testing
import VAE

@Suite("An audit's attempt in the store")
struct AuditAttemptTests {
  private func audit(_ open: OpenStore, _ counter: UInt64, _ point: Point) -> StoreOperation {
    .attempt(
      open.attempt(counter), key: Fixture.key(point), index: AuditPosition.first + Int(counter),
      point: point, sweep: open.sweep, worker: Fixture.worker.id, at: 2)
  }

  @Test("is compared and never stored: whatever the store has stays, a difference is a fault")
  func compared() throws {
    let folder = try TemporaryFolder()
    let open = try OpenStore(folder.file())
    let (known, unknown) = (try Fixture.point(0), try Fixture.point(1))
    let first = Fixture.completed(known)
    _ = try open.store.commit([open.grant(1, known), open.deliver(1, first)])
    let other = Fixture.completed(known, shift: 1e-9)
    let answers = try open.store.commit([
      audit(open, 2, known), audit(open, 3, known), audit(open, 4, unknown), open.deliver(2, first),
      open.deliver(3, other, host: "node-2"), open.deliver(4, Fixture.completed(unknown)),
      // Said again, as until it is acknowledged.
      open.deliver(3, other, host: "node-2"), open.deliver(4, Fixture.completed(unknown)),
      // Of another point than was granted.
      open.deliver(2, Fixture.completed(unknown)),
    ])
    let differs = StoreOutcome.audited(differsFrom: first.resultDigest)
    let agrees = StoreOutcome.audited(differsFrom: nil)
    #expect(
      answers
        == [.stored, .stored, .stored, agrees, differs, agrees, differs, agrees, .unknownAttempt])
    let reader = try StoreReader(path: folder.file())
    #expect(try reader.outcomes(history: .full).map(\.outcome) == [first])
    #expect(try reader.faults().map(\.otherAttempt) == [open.attempt(3)])
    #expect(try reader.faults().map(\.otherHost) == ["node-2"])
  }

  @Test("under another fingerprint is no fault where the store is mixed")
  func mixed() throws {
    var identity = Fixture.identity
    identity.mixed = true
    let folder = try TemporaryFolder()
    let open = try OpenStore(folder.file(), identity: identity)
    let point = try Fixture.point()
    let answers = try open.store.commit([
      open.grant(1, point), open.deliver(1, Fixture.completed(point)), audit(open, 2, point),
      .outcome(
        Fixture.completed(point, shift: 1), Fixture.receipt(fingerprint: "another"),
        attempt: open.attempt(2)),
    ])
    #expect(answers.last == .audited(differsFrom: nil))
    #expect(try StoreReader(path: folder.file()).faults().isEmpty)
  }

  @Test("is nothing that a later coordinator goes on with, nor one that counts as running")
  func recovery() throws {
    let folder = try TemporaryFolder()
    let points = try (0..<3).map { try Fixture.point(UInt32($0)) }
    do {
      let open = try OpenStore(folder.file())
      _ = try open.store.commit([
        open.grant(0, points[0]), open.deliver(0, Fixture.completed(points[0])),
        open.grant(1, points[1]), audit(open, 2, points[2]), audit(open, 3, points[0]),
        audit(open, 4, points[1]),
      ])
      #expect(try StoreReader(path: folder.file()).progress().running == 1)
      let attempts = try StoreReader(path: folder.file()).attempts(of: Fixture.key(points[1]))
      #expect(attempts.map(\.attempt) == [open.attempt(1), open.attempt(4)])
    }
    let store = try ResultStore(path: folder.file(), identity: Fixture.identity)
    #expect(try store.recover { _ in }.open.map(\.point) == [points[1]])
    #expect(try store.recoverArtifacts().open.isEmpty)
  }
}
