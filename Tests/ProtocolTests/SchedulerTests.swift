import Coordinator
import Sweep
import Testing
import VAE
import Wire

@Suite("The scheduler")
struct SchedulerTests {
  @Test("grants an attempt only after its record is durable")
  func grantAfterRecord() throws {
    var harness = try SchedulerHarness()
    harness.join(1)
    harness.beat(1, credit: 1)
    #expect(harness.takeKeep(1) == [])
    #expect(harness.takeGrants(1).isEmpty)
    #expect(harness.attemptRecords == 1)
    harness.commit()
    let grants = harness.takeGrants(1)
    #expect(grants.count == 1)
    #expect(grants.first?.attempt == AttemptID(epoch: 2, counter: 1))
    #expect(harness.sent.isEmpty)
  }

  @Test("acknowledges an outcome only after it is durable, and settles its point once")
  func acknowledgeAfterCommit() throws {
    var harness = try SchedulerHarness(points: 1)
    harness.join(1)
    let grant = try harness.grantOne(1)
    harness.deliver(grant, from: 1)
    harness.deliver(grant, from: 1)
    #expect(harness.sent.isEmpty)
    #expect(harness.records.count == 1)
    harness.commit()
    #expect(
      harness.take(1) == [
        .acknowledgement(Acknowledgement(attempt: grant.attempt)),
        .finish,
      ])
    #expect(harness.isComplete)
    #expect(harness.scheduler.status().ok == 1)
  }

  @Test("gives a worker no more than its credit, counting grants still under way")
  func credit() throws {
    var harness = try SchedulerHarness(points: 10)
    harness.join(1, slots: 2)
    harness.beat(1, credit: 3)
    harness.beat(1, credit: 3)
    harness.commit()
    harness.beat(1, credit: 3)
    harness.commit()
    let granted = harness.take(1).compactMap { message -> AttemptID? in
      if case .grant(let grant) = message { grant.attempt } else { nil }
    }
    #expect(Set(granted).count == 3)
  }

  @Test("fills idle slots everywhere before anybody gets a point ahead of need")
  func fairness() throws {
    var harness = try SchedulerHarness(points: 3)
    harness.join(1)
    harness.join(2)
    // Three points for two slots: one each, and the third ahead of need for the first who asked.
    harness.beat(1, credit: 2)
    harness.beat(2, credit: 2)
    harness.commit()
    let first = harness.take(1).count { if case .grant = $0 { true } else { false } }
    let second = harness.take(2).count { if case .grant = $0 { true } else { false } }
    #expect(first + second <= 3)
    #expect(second >= 1)
  }

  @Test("holds nothing ahead of need at the tail of a sweep")
  func tail() throws {
    var harness = try SchedulerHarness(points: 2)
    harness.join(1)
    harness.join(2)
    harness.beat(1, credit: 2)
    harness.commit()
    harness.beat(2, credit: 2)
    harness.commit()
    for worker: UInt64 in [1, 2] {
      #expect(harness.take(worker).count { if case .grant = $0 { true } else { false } } == 1)
    }
  }

  @Test("keeps what a heartbeat names and drops what it should not hold")
  func keep() throws {
    var harness = try SchedulerHarness()
    harness.join(1)
    let grant = try harness.grantOne(1)
    let foreign = AttemptID(epoch: 1, counter: 77)
    harness.beat(1, holding: [grant.attempt, foreign], credit: 0)
    #expect(harness.takeKeep(1) == [grant.attempt])
  }

  @Test("sends a grant again when a later heartbeat does not name it")
  func regrant() throws {
    var harness = try SchedulerHarness()
    harness.join(1)
    let grant = try harness.grantOne(1)
    harness.pass(.seconds(2))
    harness.beat(1, credit: 1)
    #expect(harness.take(1).contains(.grant(grant)))
    #expect(harness.records.isEmpty)
  }

  @Test("tells of a second outcome that differs, and keeps the first")
  func fault() throws {
    var harness = try SchedulerHarness(points: 2)
    harness.join(1)
    let grant = try harness.grantOne(1)
    harness.deliver(grant, from: 1)
    harness.commit(.differs(stored: String(repeating: "a", count: 64)))
    #expect(harness.log.contains { $0.hasPrefix("FAULT") })
    #expect(harness.scheduler.status().ok == 0)
    harness.ignoreRest()
  }

  @Test("grants nothing once it is asked to stop")
  func stopping() throws {
    var harness = try SchedulerHarness()
    harness.join(1)
    harness.tell(.stopRequested)
    harness.beat(1, credit: 1)
    #expect(harness.records.isEmpty)
    harness.ignoreRest()
  }

  @Test("is complete at once where nothing is left, and tells whoever comes")
  func nothingLeft() throws {
    var recovered = RecoveredSweep()
    recovered.finished = [0, 1]
    recovered.ok = 2
    var harness = try SchedulerHarness(points: 2, recovered: recovered)
    #expect(harness.isComplete)
    harness.receive(.hello(Sample.hello(1)), from: 1)
    #expect(harness.take(1) == [.finish])
  }
}
