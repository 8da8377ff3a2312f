import Coordinator
import Sweep
import Testing
import Wire

/// A scheduler and workers of one slot each, on hosts of their own; what they are granted is kept.
private struct Hosts {
  var harness: SchedulerHarness
  private var granted: [UInt64: [Grant]] = [:]

  init(
    points: Int, workers: [UInt64], recovered: RecoveredSweep = RecoveredSweep(),
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    harness = try SchedulerHarness(
      points: points, recovered: recovered, sourceLocation: sourceLocation)
    for worker in workers { harness.join(worker) }
  }

  /// Makes everything durable, and hands over what was granted.
  mutating func settle() {
    while !harness.records.isEmpty { harness.commit() }
    for worker: UInt64 in [1, 2] {
      for case .grant(let grant) in harness.take(worker) {
        granted[worker, default: []].append(grant)
      }
    }
  }

  /// Whether a worker has a point, or is given one when it asks.
  mutating func isServed(_ worker: UInt64) -> Bool {
    if granted[worker, default: []].isEmpty {
      harness.beat(worker, credit: 1)
      settle()
    }
    return !granted[worker, default: []].isEmpty
  }

  mutating func take(_ worker: UInt64) throws -> Grant {
    _ = isServed(worker)
    let first = granted[worker]?.first
    granted[worker]?.removeFirst(first == nil ? 0 : 1)
    return try #require(first)
  }

  /// One point fails on a worker; what was recorded of that waits in the harness.
  mutating func report(
    _ worker: UInt64, after trained: Duration, _ reason: FailureReason
  ) throws -> Grant {
    let grant = try take(worker)
    harness.beat(worker, holding: [grant.attempt], credit: 0, running: true)
    harness.receive(
      .failure(
        FailureReport(
          attempt: grant.attempt, key: grant.key, reason: reason, trained: trained)),
      from: worker)
    return grant
  }

  /// One point fails on a worker; its key.
  @discardableResult
  mutating func fail(
    _ worker: UInt64, after trained: Duration = .seconds(1),
    _ reason: FailureReason = .trainerSignal(11)
  ) throws -> PointKey {
    let grant = try report(worker, after: trained, reason)
    settle()
    return grant.key
  }

  mutating func finish(_ worker: UInt64) throws {
    let grant = try take(worker)
    harness.deliver(grant, from: worker)
    settle()
  }

  /// Points fail on host 1, and host 2 finishes one after each.
  mutating func spoil(times: Int) throws {
    for _ in 0..<times {
      try fail(1)
      try finish(2)
    }
  }

  var isDrained: Bool { harness.log.contains { $0.hasPrefix("DRAINED") && $0.contains("host1") } }
}

@Suite("A bad host")
struct HostTests {
  @Test("is drained once three different points have failed there within seconds, and said so")
  func drained() throws {
    var hosts = try Hosts(points: 30, workers: [1, 2])
    try hosts.spoil(times: 2)
    #expect(!hosts.isDrained)
    try hosts.spoil(times: 1)
    #expect(hosts.isDrained)
    let served = [hosts.isServed(1), hosts.isServed(2)]
    #expect(served == [false, true])
    let status = hosts.harness.scheduler.status()
    #expect(status.alerts.contains { $0.contains("host1") })
    #expect(status.workers.first { $0.host == "host1" }?.drained != nil)
    #expect(status.workers.first { $0.host == "host2" }?.drained == nil)
  }

  @Test("does not use up a point's attempts: what failed there does not count")
  func excused() throws {
    var hosts = try Hosts(points: 3, workers: [1])
    // Nothing has ever succeeded anywhere; the oldest gap closes first, so that a point may fail
    // for good before another one shows that it is the host.
    var rounds = 0
    while !hosts.isDrained, rounds < 20 {
      rounds += 1
      try hosts.fail(1)
    }
    #expect(hosts.isDrained)
    #expect(hosts.harness.scheduler.failures.isEmpty)
    #expect(!hosts.harness.isComplete)
  }

  @Test("gets its record into the store, with the attempts that are excused")
  func recorded() throws {
    var hosts = try Hosts(points: 3, workers: [1])
    var last: Grant?
    var drains: [(host: HostIdentity, reason: String?, excused: [AttemptID])] = []
    var rounds = 0
    while drains.isEmpty, rounds < 20 {
      rounds += 1
      last = try hosts.report(1, after: .seconds(1), .trainerExit(status: 74))
      hosts.harness.commit()
      for case .drain(let host, let reason, let excused) in hosts.harness.records {
        drains.append((host, reason, excused))
      }
      hosts.settle()
    }
    let drain = try #require(drains.first)
    #expect(drain.host == HostIdentity("host1"))
    #expect(drain.reason?.contains("3 different points") == true)
    #expect(drain.excused.count == rounds)
    #expect(drain.excused.last == last?.attempt)
  }

  @Test(
    "is not one where one point fails again and again, or points fail late, or by their own fault",
    arguments: ["one point", "late", "own fault"])
  func innocent(what: String) throws {
    var hosts = try Hosts(points: what == "one point" ? 1 : 12, workers: [1])
    for _ in 0..<3 {
      switch what {
      case "late": try hosts.fail(1, after: .seconds(60))
      case "own fault": try hosts.fail(1, .point("limit"))
      default: try hosts.fail(1)
      }
    }
    #expect(!hosts.isDrained)
  }

  @Test("is not one where everything fails everywhere after a success: that is the points")
  func badPoints() throws {
    var hosts = try Hosts(points: 5, workers: [1])
    try hosts.finish(1)
    var rounds = 0
    while !hosts.harness.isComplete, rounds < 30 {
      rounds += 1
      try hosts.fail(1)
    }
    #expect(!hosts.isDrained)
    #expect(hosts.harness.scheduler.failures.count == 4)
  }

  @Test("is tried with one point after a while, and given all again when that goes well")
  func trial() throws {
    var hosts = try Hosts(points: 40, workers: [1, 2])
    try hosts.spoil(times: 3)
    #expect(hosts.isDrained)
    // Nobody else takes points meanwhile.
    hosts.harness.receive(.goodbye, from: 2)
    hosts.settle()
    for _ in 0..<280 {
      hosts.harness.pass(.seconds(1))
      hosts.harness.beat(1, credit: 2)
    }
    hosts.settle()
    let isServedEarly = hosts.isServed(1)
    #expect(!isServedEarly)
    for _ in 0..<30 {
      hosts.harness.pass(.seconds(1))
      hosts.harness.beat(1, credit: 2)
    }
    let offered = hosts.harness.records.count { record in
      if case .attempt = record { true } else { false }
    }
    #expect(offered == 1)
    hosts.settle()
    try hosts.finish(1)
    let isServedAgain = hosts.isServed(1)
    #expect(isServedAgain)
    #expect(hosts.harness.scheduler.status().alerts.isEmpty)
  }

  @Test("that is drained is still drained after a restart of the coordinator")
  func restarted() throws {
    var recovered = RecoveredSweep()
    recovered.drained = [HostIdentity("host1"): "3 different points failed on host host1"]
    var hosts = try Hosts(points: 4, workers: [1, 2], recovered: recovered)
    let served = [hosts.isServed(1), hosts.isServed(2)]
    #expect(served == [false, true])
  }

  @Test("is not one that trained points for an earlier coordinator, while all fail everywhere")
  func proven() throws {
    var recovered = RecoveredSweep()
    recovered.provenHosts = ["host1"]
    var hosts = try Hosts(points: 8, workers: [1], recovered: recovered)
    for _ in 0..<8 { try hosts.fail(1) }
    #expect(!hosts.isDrained)
  }

  @Test(
    "that says it can train nothing is drained at once, also the only one and proven, and heals by itself"
  )
  func stated() throws {
    var recovered = RecoveredSweep()
    recovered.provenHosts = ["host1"]
    var hosts = try Hosts(points: 6, workers: [1], recovered: recovered)
    try hosts.finish(1)
    for trial in 0..<3 {
      try hosts.fail(1, .host("the dataset's cache is gone"))
      let isServed = hosts.isServed(1)
      #expect(!isServed)
      #expect(hosts.harness.scheduler.status().alerts.contains { $0.contains("cache is gone") })
      // A moment is given it to find a remedy, before anybody calls the sweep stuck.
      #expect(!hosts.harness.scheduler.isStuck)
      for _ in 0..<(5 << trial) {
        hosts.harness.pass(.seconds(1))
        hosts.harness.beat(1, credit: 1)
      }
    }
    hosts.settle()
    #expect(hosts.harness.scheduler.failures.isEmpty)
    for _ in 0..<5 { try hosts.finish(1) }
    #expect(hosts.harness.scheduler.status().alerts.isEmpty)
    #expect(hosts.harness.isComplete)
    #expect(hosts.harness.scheduler.status().failed == 0)
  }

  @Test("that goes on saying so leaves the sweep stuck, and no point is failed")
  func hopeless() throws {
    var hosts = try Hosts(points: 3, workers: [1])
    for trial in 0..<4 {
      try hosts.fail(1, .host("its disk is full"))
      #expect(hosts.harness.scheduler.isStuck == (trial == 3))
      for _ in 0..<(5 << trial) {
        hosts.harness.pass(.seconds(1))
        hosts.harness.beat(1, credit: 1)
      }
      hosts.settle()
    }
    #expect(hosts.harness.scheduler.failures.isEmpty)
  }

  @Test("alone with its coordinator leaves the sweep stuck, and that is told")
  func stuck() throws {
    var recovered = RecoveredSweep()
    recovered.drained = [HostIdentity("host1"): "3 different points failed on host host1"]
    var harness = try SchedulerHarness(points: 4, recovered: recovered)
    #expect(!harness.scheduler.isStuck)
    harness.join(1)
    #expect(harness.scheduler.isStuck)
    harness.join(2)
    #expect(!harness.scheduler.isStuck)
  }
}
