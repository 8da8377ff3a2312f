import Coordinator
import Sweep
import Testing
import Wire

@Suite("A bad host")
struct HostTests {
  /// Two workers of one slot each, on hosts of their own.
  private func pair(points: Int = 12) throws -> SchedulerHarness {
    var harness = try SchedulerHarness(points: points)
    harness.join(1)
    harness.join(2)
    return harness
  }

  /// One point granted to `worker` and failed by it; the point's key.
  private func fail(
    _ harness: inout SchedulerHarness, _ worker: UInt64, after trained: Duration = .seconds(1),
    _ reason: FailureReason = .trainerSignal(11)
  ) throws -> PointKey {
    let grant = try harness.grantOne(worker)
    harness.beat(worker, holding: [grant.attempt], credit: 0, running: true)
    harness.receive(
      .failure(
        FailureReport(
          session: SessionID(worker), attempt: grant.attempt, reason: reason, trained: trained)),
      from: worker)
    harness.commit()
    harness.commit()
    _ = harness.take(worker)
    return grant.key
  }

  private func finish(_ harness: inout SchedulerHarness, _ worker: UInt64) throws {
    let grant = try harness.grantOne(worker)
    harness.deliver(grant, from: worker)
    harness.commit()
    harness.commit()
    _ = harness.take(worker)
  }

  private func isGranted(_ harness: inout SchedulerHarness, _ worker: UInt64) -> Bool {
    harness.beat(worker, credit: 1)
    harness.commit()
    return harness.take(worker).contains { if case .grant = $0 { true } else { false } }
  }

  /// Different points fail on host 1: each time host 2 finishes what failed.
  private func spoil(_ harness: inout SchedulerHarness, times: Int) throws {
    for _ in 0..<times {
      _ = try fail(&harness, 1)
      try finish(&harness, 2)
    }
  }

  @Test("is drained once three different points have failed there within seconds, and said so")
  func drained() throws {
    var harness = try pair()
    try spoil(&harness, times: 2)
    #expect(!harness.log.contains { $0.hasPrefix("DRAINED") })
    try spoil(&harness, times: 1)
    #expect(harness.log.contains { $0.hasPrefix("DRAINED") && $0.contains("host1") })
    #expect(!isGranted(&harness, 1))
    #expect(isGranted(&harness, 2))
    let status = harness.scheduler.status()
    #expect(status.alerts.contains { $0.contains("host1") })
    #expect(status.workers.first { $0.host == "host1" }?.drained != nil)
    #expect(status.workers.first { $0.host == "host2" }?.drained == nil)
  }

  @Test("does not use up a point's attempts: what failed there does not count")
  func excused() throws {
    var harness = try SchedulerHarness(points: 3)
    harness.join(1)
    // Nothing has ever succeeded anywhere: each of three points fails here.
    var keys: Set<PointKey> = []
    for _ in 0..<3 { keys.insert(try fail(&harness, 1)) }
    // The oldest gap closes first, so one point may come twice before another.
    var rounds = 0
    while !harness.log.contains(where: { $0.hasPrefix("DRAINED") }), rounds < 10 {
      rounds += 1
      keys.insert(try fail(&harness, 1))
    }
    #expect(harness.log.contains { $0.hasPrefix("DRAINED") } == (keys.count == 3))
  }

  @Test("gets its record into the store, with the attempts that are excused")
  func recorded() throws {
    var harness = try pair()
    try spoil(&harness, times: 2)
    let grant = try harness.grantOne(1)
    harness.receive(
      .failure(
        FailureReport(
          session: SessionID(1), attempt: grant.attempt, reason: .trainerExit(status: 74),
          trained: .seconds(1))), from: 1)
    harness.commit()
    guard case .drain("host1", let reason?, let excused)? = harness.records.first else {
      Issue.record("\(harness.records)")
      return
    }
    #expect(reason.contains("3 different points"))
    #expect(excused.count == 3)
    #expect(excused.contains(grant.attempt))
  }

  @Test(
    "is not one where one point fails again and again, or points fail late, or by their own fault",
    arguments: ["one point", "late", "own fault"])
  func innocent(what: String) throws {
    var harness = try SchedulerHarness(points: what == "one point" ? 1 : 12)
    harness.join(1)
    for _ in 0..<3 {
      switch what {
      case "late": _ = try fail(&harness, 1, after: .seconds(60))
      case "own fault": _ = try fail(&harness, 1, .point("limit"))
      default: _ = try fail(&harness, 1)
      }
    }
    #expect(!harness.log.contains { $0.hasPrefix("DRAINED") })
  }

  @Test("is not one where everything fails everywhere after a success: that is the points")
  func badPoints() throws {
    var harness = try SchedulerHarness(points: 5)
    harness.join(1)
    try finish(&harness, 1)
    var rounds = 0
    while !harness.isComplete, rounds < 20 {
      rounds += 1
      _ = try fail(&harness, 1)
    }
    #expect(!harness.log.contains { $0.hasPrefix("DRAINED") })
    #expect(harness.scheduler.failures.count == 4)
  }

  @Test("is tried with one point after a while, and given all again when that goes well")
  func trial() throws {
    var harness = try pair(points: 40)
    try spoil(&harness, times: 3)
    harness.beat(1, credit: 2)
    for _ in 0..<301 {
      harness.pass(.seconds(1))
      harness.beat(1, credit: 2)
      harness.beat(2, credit: 0)
    }
    harness.commit()
    let grants = harness.take(1).compactMap { message in
      if case .grant(let grant) = message { grant } else { nil }
    }
    #expect(grants.count == 1)
    harness.deliver(try #require(grants.first), from: 1)
    harness.commit()
    let isCleared = harness.records.contains { record in
      if case .drain("host1", nil, _) = record { true } else { false }
    }
    #expect(isCleared)
    harness.commit()
    _ = harness.take(1)
    #expect(isGranted(&harness, 1))
    #expect(harness.scheduler.status().alerts.isEmpty)
  }

  @Test("that is drained is still drained after a restart of the coordinator")
  func restarted() throws {
    var recovered = RecoveredSweep()
    recovered.drained = ["host1": "3 different points failed on host host1"]
    var harness = try SchedulerHarness(points: 4, recovered: recovered)
    harness.join(1)
    harness.join(2)
    #expect(!isGranted(&harness, 1))
    #expect(isGranted(&harness, 2))
  }

  @Test("is not one that trained points for an earlier coordinator, while all fail everywhere")
  func proven() throws {
    var recovered = RecoveredSweep()
    recovered.provenHosts = ["host1"]
    var harness = try SchedulerHarness(points: 8, recovered: recovered)
    harness.join(1)
    for _ in 0..<8 { _ = try fail(&harness, 1) }
    #expect(!harness.log.contains { $0.hasPrefix("DRAINED") })
  }

  @Test("alone with its coordinator leaves the sweep stuck, and that is told")
  func stuck() throws {
    var recovered = RecoveredSweep()
    recovered.drained = ["host1": "3 different points failed on host host1"]
    var harness = try SchedulerHarness(points: 4, recovered: recovered)
    #expect(!harness.scheduler.isStuck)
    harness.join(1)
    #expect(harness.scheduler.isStuck)
    harness.join(2)
    #expect(!harness.scheduler.isStuck)
  }
}
