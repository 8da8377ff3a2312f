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

  @Test("hands a silent worker's point to another after the lease, and takes a late outcome")
  func lease() throws {
    var harness = try SchedulerHarness(points: 1)
    harness.join(1)
    let grant = try harness.grantOne(1)
    harness.pass(.seconds(14))
    #expect(harness.records.isEmpty)
    harness.pass(.seconds(2))
    #expect(harness.records.count == 1)
    harness.join(2)
    harness.commit()
    let second = try harness.grantOne(2)
    #expect(second.key == grant.key)
    #expect(second.attempt > grant.attempt)
    // The first worker comes back with the outcome before the second has one.
    harness.join(1)
    harness.deliver(grant, from: 1)
    harness.commit()
    #expect(harness.isComplete)
    harness.beat(2, holding: [second.attempt], credit: 0)
    #expect(harness.takeKeep(2) == [])
    harness.ignoreRest()
  }

  @Test("lets a late outcome be held until it is committed, whatever an old heartbeat says of it")
  func lateOutcomeUnderWay() throws {
    var recovered = RecoveredSweep()
    let attempt = AttemptID(epoch: 1, counter: 1)
    recovered.open = [attempt: 0]
    var harness = try SchedulerHarness(points: 1, recovered: recovered)
    harness.join(1)
    let point = try #require(harness.scheduler.settings.grid.point(at: 0))
    let grant = Grant(
      attempt: attempt,
      key: point.key(dataset: Sample.dataset, trainerVersion: Trainer.version), point: point)
    harness.deliver(grant, from: 1)
    #expect(harness.records.count == 1)
    harness.beat(1, holding: [attempt], credit: 0, running: true)
    #expect(harness.takeKeep(1) == [attempt])
    #expect(harness.scheduler.status().running == 0)
    harness.commit()
    #expect(harness.isComplete)
    harness.ignoreRest()
  }

  @Test("acknowledges no loss that its worker did not report, which may hold the outcome by now")
  func unreportedLoss() throws {
    var harness = try SchedulerHarness(points: 1)
    _ = try harness.hold()
    for _ in 0..<20 {
      harness.pass(.seconds(1))
      harness.receive(.hello(Sample.hello(1, slots: 1)), from: 1)
    }
    #expect(!harness.records.isEmpty)
    _ = harness.take(1)
    harness.commit()
    #expect(
      !harness.take(1).contains { if case .acknowledgement = $0 { true } else { false } })
  }

  @Test("renews leases by heartbeats alone")
  func renewal() throws {
    var harness = try SchedulerHarness(points: 1)
    harness.join(1)
    let grant = try harness.grantOne(1)
    for sequence in 2..<40 {
      harness.pass(.seconds(1))
      harness.beat(1, holding: [grant.attempt], credit: 0, sequence: UInt64(sequence))
    }
    #expect(harness.records.isEmpty)
    harness.ignoreRest()
  }

  @Test("does not count time in which its loop stood still")
  func standstill() throws {
    var harness = try SchedulerHarness(points: 1)
    harness.join(1)
    _ = try harness.grantOne(1)
    harness.now += .seconds(3600)
    harness.tell(.tick)
    #expect(harness.records.isEmpty)
  }

  @Test("fails a point after three lost attempts, with the last reason, and ends")
  func threeLosses() throws {
    var harness = try SchedulerHarness(points: 1)
    harness.join(1)
    for loss in 1...3 {
      let grant = try harness.grantOne(1)
      harness.fail(grant, .trainerSignal(9), from: 1)
      harness.commit()
      #expect(harness.isComplete == (loss == 3))
    }
    #expect(harness.scheduler.failures.count == 1)
    #expect(harness.scheduler.failures[0]?.contains("signal 9") == true)
    harness.ignoreRest()
  }

  @Test("fails a point at once by its own fault")
  func ownFault() throws {
    var harness = try SchedulerHarness(points: 1)
    harness.join(1)
    let grant = try harness.grantOne(1)
    harness.fail(grant, .point("limit: 5 is too much"), from: 1)
    harness.commit()
    #expect(harness.isComplete)
    #expect(harness.scheduler.failures == [0: "limit: 5 is too much"])
    harness.ignoreRest()
  }

  @Test("counts no loss against a point that never ran on the worker that was lost")
  func neverStarted() throws {
    var harness = try SchedulerHarness(points: 1)
    for worker: UInt64 in 1...4 {
      harness.join(worker)
      let grant = try harness.grantOne(worker)
      harness.beat(worker, holding: [grant.attempt], credit: 0)
      harness.pass(.seconds(16))
      harness.commit()
    }
    #expect(harness.scheduler.failures.isEmpty)
    harness.ignoreRest()
  }

  @Test("counts a loss against a point that ran there, and fails it after three")
  func ranAndLost() throws {
    var harness = try SchedulerHarness(points: 1)
    for worker: UInt64 in 1...3 {
      harness.join(worker)
      let grant = try harness.grantOne(worker)
      harness.beat(worker, holding: [grant.attempt], credit: 0, running: true)
      harness.pass(.seconds(16))
      harness.commit()
    }
    #expect(harness.scheduler.failures.count == 1)
    harness.ignoreRest()
  }

  @Test("counts no loss with a scheduler's allocation, however often, as long as the point gets on")
  func lostWithAllocation() throws {
    var harness = try SchedulerHarness(points: 1)
    for worker: UInt64 in 1...40 {
      let grant = try harness.grant(toAllocated: worker)
      if worker % 8 == 0 {
        harness.tell(.committed([Sample.checkpoint(of: grant, step: Int(worker))]))
      }
      harness.pass(.seconds(16))
      #expect(harness.records.allSatisfy { if case .release = $0 { true } else { false } })
      harness.commit()
      harness.ignoreRest()
    }
    #expect(harness.scheduler.failures.isEmpty)
    #expect(harness.log.count { $0.contains("ended with its allocation, slurm") } == 40)
  }

  @Test("fails a point in the end that takes every allocation along and gets no farther")
  func takesAllocationsAlong() throws {
    var harness = try SchedulerHarness(points: 1)
    for worker: UInt64 in 1...UInt64(AllocationLosses.mostExcused + maxLostAttempts) {
      #expect(harness.scheduler.failures.isEmpty)
      _ = try harness.grant(toAllocated: worker)
      harness.pass(.seconds(16))
      harness.commit()
      harness.ignoreRest()
    }
    #expect(harness.scheduler.failures.count == 1)
  }

  @Test("counts no loss when a worker says goodbye")
  func goodbye() throws {
    var harness = try SchedulerHarness(points: 1)
    for worker: UInt64 in 1...5 {
      harness.join(worker)
      _ = try harness.grantOne(worker)
      harness.receive(.goodbye, from: worker)
      #expect(harness.records.count == 1)
      harness.commit()
    }
    #expect(harness.scheduler.failures.isEmpty)
    #expect(!harness.isComplete)
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

  @Test("drops an outcome whose key does not fit its point, or whose attempt nobody granted")
  func forged() throws {
    var harness = try SchedulerHarness()
    harness.join(1)
    let grant = try harness.grantOne(1)
    var outcome = Sample.outcome(of: grant.point)
    outcome = Outcome(
      key: PointKey(Digest(of: "forged")), point: outcome.point, result: outcome.result)
    harness.receive(
      .delivery(
        Delivery(
          attempt: grant.attempt, outcome: outcome, receipt: Sample.receipt)),
      from: 1)
    // It has nothing better to deliver: the point goes to others.
    #expect(harness.records.count == 1)
    harness.commit()
    let never = Grant(
      attempt: AttemptID(epoch: 9, counter: 9), key: grant.key,
      point: grant.point)
    harness.deliver(never, from: 1)
    harness.commit(.unknownAttempt)
    harness.beat(1, holding: [grant.attempt], finished: [never.attempt], credit: 0)
    #expect(harness.takeKeep(1) == [])
  }

  @Test(
    "refuses an outcome that lacks epochs or was made under another fingerprint, and tries the point again",
    arguments: ["epochs", "fingerprint"], [false, true])
  func unfit(what: String, mixed: Bool) throws {
    var harness = try SchedulerHarness(points: 1) { $0.mixed = mixed }
    let grant = try harness.hold()
    var outcome = Sample.outcome(of: grant.point)
    var receipt = Sample.receipt
    if what == "epochs" {
      var result = outcome.result
      result.history.removeLast()
      outcome = Outcome(key: outcome.key, point: outcome.point, result: result)
    } else {
      receipt.fingerprint = "another"
    }
    let delivery = Delivery(attempt: grant.attempt, outcome: outcome, receipt: receipt)
    harness.receive(.delivery(delivery), from: 1)
    let isTaken = mixed && what == "fingerprint"
    let outcomes = harness.records.count { if case .outcome = $0 { true } else { false } }
    #expect(outcomes == (isTaken ? 1 : 0))
    #expect(harness.scheduler.totals.refusedAttempts == (isTaken ? 0 : 1))
    guard !isTaken else { return }
    harness.commit()
    harness.beat(1, finished: [grant.attempt], credit: 1)
    #expect(harness.takeKeep(1) == [])
    harness.commit()
    let next = harness.takeGrants(1)
    #expect(next.map(\.key) == [grant.key])
    #expect(next.first?.attempt != grant.attempt)
  }

  @Test("counts no failure against the point of another key than its attempt's")
  func failureOfAnotherPoint() throws {
    var harness = try SchedulerHarness(points: 1)
    let grant = try harness.hold()
    let report = FailureReport(
      attempt: grant.attempt, key: PointKey(Digest(of: "another")), reason: .point("limit"))
    harness.receive(.failure(report), from: 1)
    harness.commit()
    #expect(harness.scheduler.failures.isEmpty)
    #expect(harness.take(1) == [.acknowledgement(Acknowledgement(attempt: grant.attempt))])
    #expect(try harness.grantOne(1).key == grant.key)
  }

  @Test("takes nothing for an attempt of another start with the same epoch and counter")
  func otherStart() throws {
    var harness = try SchedulerHarness(points: 2) { $0.coordinatorStart = 5 }
    let grant = try harness.hold()
    #expect(grant.attempt.start == 5)
    let before = AttemptID(epoch: grant.attempt.epoch, counter: grant.attempt.counter, start: 4)
    // As a worker that lived through the restoration of a store would go on.
    let failure = FailureReport(attempt: before, key: grant.key, reason: .point("limit"))
    harness.receive(.failure(failure), from: 1)
    #expect(harness.records.isEmpty)
    harness.beat(1, holding: [before, grant.attempt], credit: 0, running: true)
    let said = harness.take(1)
    #expect(said.first == .acknowledgement(Acknowledgement(attempt: before)))
    #expect(said.last == .heartbeatReply(HeartbeatReply(keep: [grant.attempt])))
  }

  @Test(
    "refuses a worker that could not give the same bits",
    arguments: ["version", "core", "fingerprint"])
  func refusal(what: String) throws {
    var harness = try SchedulerHarness()
    var hello = Sample.hello(1)
    if what == "version" { hello.trainerVersion = 99 }
    if what == "core" { hello.blasCores = ["generic"] }
    harness.receive(.hello(hello), from: 1)
    if what == "fingerprint" {
      _ = harness.take(1)
      harness.receive(.ready(Ready(fingerprint: "other")), from: 1)
    }
    let said = harness.take(1)
    guard case .refusal(let refusal)? = said.first, said.count == 1 else {
      Issue.record("\(said)")
      return
    }
    #expect(refusal.reason.contains(what == "version" ? "trainer version 99" : what))
    if what == "version" {
      #expect(refusal.reason.hasSuffix(": run the same vaesweep on every host"))
    }
    harness.beat(1, credit: 1)
    #expect(harness.records.isEmpty)
    harness.ignoreRest()
  }

  @Test("takes a worker of another fingerprint, with its own core, where it is told to mix")
  func mixed() throws {
    var harness = try SchedulerHarness { $0.mixed = true }
    var hello = Sample.hello(1)
    hello.blasCores = ["generic", "native"]
    harness.receive(.hello(hello), from: 1)
    guard case .terms(let terms)? = harness.take(1).first else {
      Issue.record("no terms")
      return
    }
    #expect(terms.blasCore == "native")
    harness.receive(.ready(Ready(fingerprint: "other")), from: 1)
    harness.commit()
    _ = try harness.grantOne(1)
  }

  @Test("asks a session it does not know to introduce itself, and grants it nothing")
  func stranger() throws {
    var harness = try SchedulerHarness()
    harness.beat(1, credit: 1)
    guard case .terms? = harness.take(1).first else {
      Issue.record("no terms")
      return
    }
    #expect(harness.records.isEmpty)
  }

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
