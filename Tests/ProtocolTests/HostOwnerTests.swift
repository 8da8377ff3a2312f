import Coordinator
import Sweep
import Testing
import Wire

@Suite("A host's name that another key claims")
struct HostOwnerTests {
  private static let own = KeyOwner("own")
  private static let other = KeyOwner("other")

  /// Two workers on hosts of one name, each with its own key.
  private func harness(
    recovered: RecoveredSweep = RecoveredSweep(),
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> SchedulerHarness {
    var harness = try SchedulerHarness(
      points: 20, recovered: recovered, sourceLocation: sourceLocation)
    for (worker, owner) in [(1, Self.own), (2, Self.other)] as [(UInt64, KeyOwner)] {
      var hello = Sample.hello(worker, slots: 1)
      hello.host = "node"
      let peer = SchedulerHarness.peer(worker)
      harness.receive(.hello(hello), session: worker, at: peer, by: owner)
      harness.receive(.ready(Ready(fingerprint: "f")), session: worker, at: peer, by: owner)
      harness.commit()
      _ = harness.take(worker)
    }
    return harness
  }

  private func drained(_ harness: SchedulerHarness) -> [Bool] {
    harness.scheduler.status().workers.map { $0.drained != nil }
  }

  @Test("is not drained by what fails there")
  func drain() throws {
    var harness = try harness()
    for _ in 0..<3 {
      let grant = try harness.grantOne(2)
      harness.receive(
        .failure(
          FailureReport(
            attempt: grant.attempt, key: grant.key, reason: .host("nothing works"), trained: .zero)),
        from: 2)
      harness.commit()
      _ = harness.take(2)
      if drained(harness) == [false, true] { break }
    }
    #expect(drained(harness) == [false, true])
    _ = try harness.grantOne(1)
  }

  @Test("stays drained when a point succeeds there, and across a restart")
  func success() throws {
    var recovered = RecoveredSweep()
    recovered.drained = [HostIdentity("node", owner: Self.own): "three points failed"]
    var harness = try harness(recovered: recovered)
    #expect(drained(harness) == [true, false])
    let grant = try harness.grantOne(2)
    harness.deliver(grant, from: 2)
    harness.commit()
    _ = harness.take(2)
    #expect(drained(harness) == [true, false])
  }

  @Test("is no dead worker's whose place may be taken")
  func predecessor() throws {
    var harness = try harness()
    let grant = try harness.grantOne(1)
    var hello = Sample.hello(3, slots: 1)
    hello.host = "node"
    hello.predecessors = [SessionID(1)]
    let peer = SchedulerHarness.peer(3)
    harness.receive(.hello(hello), session: 3, at: peer, by: Self.other)
    harness.receive(.ready(Ready(fingerprint: "f")), session: 3, at: peer, by: Self.other)
    harness.commit()
    _ = harness.take(3)
    harness.beat(1, holding: [grant.attempt], credit: 0)
    #expect(harness.takeKeep(1) == [grant.attempt])
  }
}
