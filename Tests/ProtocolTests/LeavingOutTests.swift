import Coordinator
import Sweep
import Testing
import Wire

@Suite("Points that the design does without")
struct LeavingOutTests {
  @Test("leaves out what the design does without: held points end, lost ones are not made good")
  func unneeded() throws {
    var harness = try SchedulerHarness(points: 6)
    harness.join(1)
    harness.join(2)
    let (lost, held) = (try harness.grantOne(1), try harness.grantOne(2))
    harness.tell(.unneeded(Array(0..<5)))
    #expect(harness.log.contains { $0.hasPrefix("3 points not trained") })
    #expect(harness.scheduler.status().points == 3)
    // Said twice it means the same.
    harness.tell(.unneeded([0, 4]))
    harness.fail(lost, .trainerSignal(9), from: 1)
    harness.commit()
    #expect(harness.scheduler.status().points == 2)
    harness.deliver(held, from: 2)
    // The one that is needed is all that is granted, to whoever asked first.
    for _ in 0..<3 { harness.commit() }
    #expect(!harness.isComplete)
    var grants: [(UInt64, Grant)] = []
    for worker: UInt64 in [1, 2] {
      for case .grant(let grant) in harness.take(worker) { grants.append((worker, grant)) }
    }
    #expect(grants.map(\.1.point) == [try Sample.grid(points: 6).point(at: 5)])
    for (worker, grant) in grants { harness.deliver(grant, from: worker) }
    harness.commit()
    _ = harness.take(1)
    _ = harness.take(2)
    #expect(harness.isComplete)
    let status = harness.scheduler.status()
    #expect(status.ok == 2 && status.points == 2 && status.failed == 0)
  }

  @Test("counts an outcome of a point that was left out, from an attempt that was thought lost")
  func unneededYetDone() throws {
    var harness = try SchedulerHarness(points: 3)
    harness.join(1)
    let grant = try harness.grantOne(1)
    harness.tell(.unneeded([0, 1]))
    // The worker falls silent for longer than its lease.
    harness.pass(.seconds(20))
    harness.commit()
    _ = harness.take(1)
    #expect(harness.scheduler.status().points == 1)
    harness.join(1)
    harness.deliver(grant, from: 1)
    harness.commit()
    _ = harness.take(1)
    let status = harness.scheduler.status()
    #expect(status.ok == 1 && status.points == 2)
  }

  @Test("calls back points that wait in a worker when the design does without them")
  func recallsUnneeded() throws {
    var harness = try SchedulerHarness(points: 4)
    harness.join(1)
    let grant = try harness.grantOne(1)
    harness.tell(.unneeded([0, 1, 2, 3]))
    let recalls = harness.take(1).compactMap {
      if case .recall(let recall) = $0 { recall.attempts } else { nil }
    }
    #expect(recalls == [[grant.attempt]])
    let handback = Handback(attempts: [grant.attempt])
    harness.receive(.handback(handback), from: 1)
    harness.commit()
    #expect(harness.isComplete)
    #expect(harness.scheduler.status().points == 0)
    harness.ignoreRest()
  }
}
