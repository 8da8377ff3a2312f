import Coordinator
import Sweep
import Testing
import VAE
import Wire

@Suite("The scheduler, where workers fall silent, lose points or leave,")
struct SchedulerLossTests {
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
}
