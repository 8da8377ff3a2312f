import ResultStore
import Sweep
import TestSupport
import Testing
import VAE

@Suite("A point's failures")
struct FailureTests {
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
    let recovered = try open.store.recover { _ in }
    let troubled = try StoreReader(path: folder.file()).troubledPoints()
    #expect(troubled == recovered.troubled)
    #expect(troubled.allSatisfy { $0.point == point && $0.key == Fixture.key(point) })
    let failed = try StoreReader(path: folder.file()).progress().failed
    #expect(failed == troubled.count { $0.tally.isFailed })
    return troubled.first?.tally
  }

  @Test("make it failed at the third lost attempt")
  func threeLost() throws {
    #expect(try tally() == nil)
    let reasons: [FailureReason] = [
      .workerLost("no heartbeat for 30 s"), .trainerSignal(9), .trainerExit(status: 70),
    ]
    for (index, reason) in reasons.enumerated() {
      let number = UInt64(index + 1)
      #expect(try open.store.commit([open.fail(number, point, reason)]) == [.stored])
      // Said again, it is recorded once.
      #expect(
        try open.store.commit([open.fail(number, point, .trainerSignal(1))]) == [.alreadyStored])
      let tally = try tally()
      #expect(tally == FailureTally(lost: index + 1, reason: reason))
      #expect(tally?.isFailed == (index == 2))
    }
    let failures = try StoreReader(path: folder.file()).failures()
    #expect(failures.map(\.reason) == reasons)
    #expect(failures.map(\.attempt) == (1...3).map { open.attempt($0) })
    #expect(failures.allSatisfy { $0.host == "node-1" && $0.at == 3 })
  }

  @Test("make it failed at once where the error is its own, and that reason is named")
  func ownError() throws {
    let reason = FailureReason.point("limit 70000 is above 60000 images")
    _ = try open.store.commit([
      open.fail(1, point, reason), open.fail(2, point, .workerLost("left")),
    ])
    #expect(try tally() == FailureTally(lost: 1, reason: reason))
    #expect(try tally()?.isFailed == true)
  }

  @Test("no longer count after a retry")
  func reopened() throws {
    _ = try open.store.commit((1...3).map { open.fail($0, point, .trainerSignal(9)) })
    #expect(try tally()?.isFailed == true)
    _ = try open.store.commit([.reopen([Fixture.key(point)], at: 4)])
    #expect(try tally() == nil)
    _ = try open.store.commit([open.fail(4, point, .trainerSignal(11))])
    #expect(try tally() == FailureTally(lost: 1, reason: .trainerSignal(11)))
    #expect(try StoreReader(path: folder.file()).failures().count == 4)
  }

  @Test("give way to a late outcome")
  func lateOutcome() throws {
    _ = try open.store.commit((1...3).map { open.fail($0, point, .workerLost("silent")) })
    #expect(try tally()?.isFailed == true)
    #expect(try open.store.commit([open.deliver(2, Fixture.completed(point))]) == [.stored])
    #expect(try tally() == nil)
    let progress = try StoreReader(path: folder.file()).progress()
    #expect((progress.ok, progress.failed, progress.running + progress.waiting) == (1, 0, 0))
  }
}
