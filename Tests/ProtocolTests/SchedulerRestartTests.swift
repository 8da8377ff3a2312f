import Coordinator
import Sweep
import Testing
import VAE
import Wire

@Suite("The scheduler, started again,")
struct SchedulerRestartTests {
  @Test("after a restart leaves held attempts to their workers for the grace, then hands them out")
  func grace() throws {
    var recovered = RecoveredSweep()
    recovered.finished = [0]
    recovered.ok = 1
    let held = AttemptID(epoch: 1, counter: 5)
    recovered.open = [held: 1, AttemptID(epoch: 1, counter: 6): 2]
    var harness = try SchedulerHarness(points: 3, recovered: recovered)
    harness.join(1, slots: 2)
    harness.beat(1, holding: [held], credit: 1)
    #expect(harness.takeKeep(1) == [held])
    #expect(harness.records.isEmpty)
    for _ in 0..<16 {
      harness.pass(.seconds(1))
      harness.beat(1, holding: [held], credit: 1)
    }
    // The other one was claimed by nobody: released, which is no loss, and handed out.
    #expect(harness.records.count == 1)
    harness.commit()
    _ = harness.take(1)
    harness.beat(1, holding: [held], credit: 1)
    harness.commit()
    #expect(harness.scheduler.failures.isEmpty)
    let granted = harness.take(1).compactMap { message -> Grant? in
      if case .grant(let grant) = message { grant } else { nil }
    }
    #expect(granted.map(\.point.seeds.order) == [2])
  }

  @Test("lets only the youngest of several attempts at a point go on after a restart")
  func youngest() throws {
    // Seed 550146 of the simulation.
    var recovered = RecoveredSweep()
    let (old, young) = (AttemptID(epoch: 1, counter: 1), AttemptID(epoch: 1, counter: 2))
    recovered.open = [old: 0, young: 0]
    var harness = try SchedulerHarness(points: 2, recovered: recovered)
    harness.join(1)
    harness.beat(1, holding: [old, young], credit: 0)
    #expect(harness.takeKeep(1) == [young])
  }

  @Test("leaves what an earlier coordinator granted to its holder, whoever else names it")
  func claims() throws {
    var recovered = RecoveredSweep()
    let held = AttemptID(epoch: 1, counter: 5)
    recovered.open = [held: 0]
    recovered.holders = [held: SessionID(1)]
    var harness = try SchedulerHarness(points: 2, recovered: recovered)
    harness.join(2)
    harness.beat(2, holding: [held], credit: 0)
    #expect(harness.takeKeep(2) == [])
    let report = FailureReport(
      attempt: held, key: PointKey(Digest(of: "any")), reason: .point("x"))
    harness.receive(.failure(report), from: 2)
    #expect(harness.records.isEmpty)
    harness.join(1)
    harness.beat(1, holding: [held], credit: 0)
    #expect(harness.takeKeep(1) == [held])
  }
}
