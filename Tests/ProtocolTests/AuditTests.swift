import Coordinator
import Sweep
import Testing
import VAE
import Wire

/// What an operator and a coordinator say to each other.
extension SchedulerHarness {
  static let operatorPeer = PeerID([250])
  static let audit = AuditID(7)

  /// Points of a grid, as they were trained on `host`.
  static func orders(
    _ indices: [Int], of points: Int = 8, from host: String = "host1", cpu: String = "cpu"
  ) throws -> [AuditOrder] {
    let grid = try Sample.grid(points: points)
    return try indices.map { index in
      let point = try #require(grid.point(at: index))
      return AuditOrder(
        key: Sample.key(of: point), point: point, origin: TrainingSite(host: host, cpu: cpu))
    }
  }

  mutating func ask(
    _ orders: [AuditOrder], _ audit: AuditID = Self.audit, dataset: Digest = Sample.dataset,
    trainerVersion: Int = Trainer.version
  ) {
    tell(
      .audit(
        AuditRequest(
          audit: audit, dataset: dataset, trainerVersion: trainerVersion, points: orders),
        from: Self.operatorPeer))
  }

  /// Everything that the operator was told since.
  mutating func takeAnswers() -> [ToOperator] {
    defer { answers.removeAll() }
    return answers.map(\.message)
  }

  mutating func takeResults() -> [AuditResult] {
    takeAnswers().compactMap { if case .auditResult(let result) = $0 { result } else { nil } }
  }

  /// The grants among what waits for a worker; whatever else waits is taken too.
  mutating func takeAllGrants(_ worker: UInt64) -> [Grant] {
    take(worker).compactMap { if case .grant(let grant) = $0 { grant } else { nil } }
  }

  /// A sweep whose points all have their outcome, and a coordinator that stays for audits.
  static func idle(
    points: Int = 8, linger: Duration = .seconds(3600),
    sourceLocation: SourceLocation = #_sourceLocation,
    change: (inout SchedulerSettings) -> Void = { _ in }
  ) throws -> SchedulerHarness {
    var recovered = RecoveredSweep()
    for index in 0..<points { recovered.finished.insert(index) }
    recovered.ok = points
    return try SchedulerHarness(
      points: points, recovered: recovered, sourceLocation: sourceLocation
    ) {
      $0.linger = linger
      change(&$0)
    }
  }
}

@Suite("The scheduler and audits")
struct AuditTests {
  private func isAudit(_ record: Record) -> Bool {
    if case .attempt(_, let index, _, _, _) = record { AuditPosition.isAudit(index) } else { false }
  }

  @Test("has a point trained on another host than its result is from, and hands the result over")
  func otherHost() throws {
    var harness = try SchedulerHarness.idle()
    for worker in [1, 2] as [UInt64] { harness.join(worker) }
    let orders = try SchedulerHarness.orders([3, 5])
    harness.ask(orders)
    #expect(harness.takeResults().isEmpty)
    // The host that the results are from has nothing to do, and gets nothing.
    harness.beat(1, credit: 1)
    #expect(harness.attemptRecords == 0)
    harness.beat(2, credit: 1)
    #expect(harness.records.filter(isAudit).count == 1)
    harness.commit()
    let grant = try #require(harness.takeAllGrants(2).first)
    #expect(grant.point == orders[0].point && grant.key == orders[0].key)
    #expect(grant.artifacts.isEmpty && grant.checkpoint == nil)
    harness.deliver(grant, from: 2)
    harness.commit(.audited(differsFrom: nil))
    #expect(harness.take(2).contains(.acknowledgement(Acknowledgement(attempt: grant.attempt))))
    harness.ask(orders)
    let result = AuditResult(
      audit: SchedulerHarness.audit, key: orders[0].key,
      again: .outcome(Sample.outcome(of: orders[0].point), Sample.receipt))
    #expect(harness.takeResults() == [result])
    // Said again until it is not named any more.
    harness.ask(orders)
    #expect(harness.takeResults() == [result])
    harness.ask([orders[1]])
    #expect(harness.takeResults().isEmpty)
    #expect(harness.scheduler.status().ok == 8)
    #expect(harness.scheduler.totals.finishedHere == 0)
    harness.ignoreRest()
  }

  @Test("prefers another kind of CPU, and takes the same host where there is no other")
  func otherCPU() throws {
    var harness = try SchedulerHarness.idle()
    let orders = try SchedulerHarness.orders([0])
    harness.join(1)
    harness.join(2)
    var hello = Sample.hello(3, slots: 1)
    hello.cpu = "another"
    harness.receive(.hello(hello), from: 3)
    harness.receive(.ready(Ready(fingerprint: "f")), from: 3)
    harness.ask(orders)
    for worker in [1, 2] as [UInt64] { harness.beat(worker, credit: 1) }
    #expect(harness.attemptRecords == 0)
    // It leaves, and another host of the same kind is the best that is here.
    harness.receive(.goodbye, from: 3)
    harness.pass(.seconds(1))
    #expect(harness.attemptRecords == 1)
    harness.commit()
    #expect(harness.takeAllGrants(2).count == 1)
    harness.receive(.goodbye, from: 2)
    harness.commit()
    harness.commit()
    #expect(harness.takeAllGrants(1).count == 1)
    harness.ignoreRest()
  }

  @Test("trains the sweep's own points first, and a point only when the sweep has no attempt at it")
  func order() throws {
    var harness = try SchedulerHarness(points: 2)
    harness.join(2)
    harness.join(3)
    // One of the sweep that is not trained yet, and one of no sweep of this coordinator.
    let orders = try SchedulerHarness.orders([1, 6])
    harness.ask(orders)
    let first = try harness.grantOne(2)
    let second = try harness.grantOne(3)
    #expect([first, second].map(\.point.seeds.order) == [0, 1])
    harness.deliver(first, from: 2)
    harness.commit()
    harness.beat(2, credit: 1)
    harness.commit()
    // The second is under way: the foreign point is taken before it.
    let foreign = try #require(harness.takeAllGrants(2).first)
    #expect(foreign.point == orders[1].point)
    harness.deliver(second, from: 3)
    harness.commit()
    harness.beat(3, credit: 1)
    harness.commit()
    #expect(harness.takeAllGrants(3).map(\.point) == [orders[0].point])
    #expect(!harness.isComplete)
    harness.ignoreRest()
  }

  @Test(
    "trains a point again when its worker dies, without a word in the sweep, three times at most")
  func deaths() throws {
    var harness = try SchedulerHarness.idle()
    let orders = try SchedulerHarness.orders([0])
    harness.ask(orders)
    for worker in [2, 3, 4] as [UInt64] {
      harness.join(worker)
      harness.beat(worker, credit: 1)
      harness.commit()
      let grant = try #require(harness.takeAllGrants(worker).first)
      harness.beat(worker, holding: [grant.attempt], credit: 0, running: true)
      for _ in 0..<16 {
        harness.pass(.seconds(1))
        harness.ask(orders)
      }
      #expect(harness.records.count == 1)
      if case .release? = harness.records.first {} else { Issue.record("no release is on record") }
      harness.commit()
      #expect(harness.takeResults().isEmpty == (worker < 4))
    }
    harness.ask(orders)
    guard case .notTrained(let reason)? = harness.takeResults().first?.again else {
      Issue.record("no reason was given")
      return
    }
    #expect(reason.hasPrefix("3 attempts lost; the last: host4"), "\(reason)")
    #expect(harness.scheduler.failures.isEmpty)
    harness.ignoreRest()
  }

  @Test("says why a point cannot be trained, and tells the worker that this is known")
  func refused() throws {
    var harness = try SchedulerHarness.idle()
    let orders = try SchedulerHarness.orders([0])
    harness.ask(orders)
    harness.join(2)
    let grant = try harness.grantOne(2)
    harness.fail(grant, .point("no such limit"), from: 2)
    for record in harness.records {
      if case .release(let id) = record {
        #expect(id == grant.attempt)
      } else {
        Issue.record("\(record)")
      }
    }
    harness.commit()
    #expect(harness.take(2).contains(.acknowledgement(Acknowledgement(attempt: grant.attempt))))
    harness.ask(orders)
    #expect(harness.takeResults().map(\.again) == [.notTrained("no such limit")])
    #expect(harness.scheduler.failures.isEmpty)
    harness.ignoreRest()
  }

  @Test("is asked again after a restart, and the attempt of before is let go")
  func restart() throws {
    var harness = try SchedulerHarness.idle()
    let orders = try SchedulerHarness.orders([0])
    harness.ask(orders)
    harness.join(2)
    let grant = try harness.grantOne(2)
    harness.ignoreRest()
    var next = try SchedulerHarness.idle { $0.coordinatorEpoch = 3 }
    next.join(2)
    next.beat(2, holding: [grant.attempt], credit: 0, running: true)
    #expect(next.takeKeep(2) == [])
    next.ask(orders)
    let again = try next.grantOne(2)
    #expect(again.key == grant.key && again.attempt > grant.attempt)
    next.ignoreRest()
  }

  @Test("takes an outcome that comes after its lease, and calls the next attempt off")
  func late() throws {
    var harness = try SchedulerHarness.idle()
    let orders = try SchedulerHarness.orders([0])
    harness.ask(orders)
    let grant = try harness.hold(2)
    for _ in 0..<16 {
      harness.pass(.seconds(1))
      harness.ask(orders)
    }
    harness.commit()
    let next = try harness.hold(3)
    harness.join(2)
    harness.deliver(grant, from: 2)
    harness.commit(.audited(differsFrom: nil))
    // The successor is of no use any more.
    harness.commit()
    harness.beat(3, holding: [next.attempt], credit: 0, running: true)
    #expect(harness.takeKeep(3) == [])
    _ = harness.takeAnswers()
    harness.ask(orders)
    #expect(harness.takeResults().count == 1)
    harness.ignoreRest()
  }

  @Test(
    "of nobody is dropped after a minute, in which a coordinator that stood still does not count")
  func desertion() throws {
    var harness = try SchedulerHarness.idle(linger: .zero)
    // The sweep is complete; nobody may have ended it yet.
    #expect(harness.isComplete)
    harness = try SchedulerHarness(points: 1)
    let own = try harness.hold(1)
    let orders = try SchedulerHarness.orders([5])
    harness.ask(orders)
    harness.deliver(own, from: 1)
    harness.commit()
    // Stopped for an hour, as a process may be.
    harness.now += .seconds(3600)
    harness.tell(.tick)
    #expect(!harness.isComplete)
    for second in 1...61 {
      harness.beat(1, credit: 0)
      harness.pass(.seconds(1))
      harness.commit()
      if second == 55 { #expect(!harness.isComplete) }
    }
    #expect(harness.isComplete)
    #expect(harness.log.contains { $0.hasPrefix("an audit is dropped") })
    harness.ignoreRest()
  }

  @Test("that is not wanted any more takes its points back from workers, and lets the sweep end")
  func farewell() throws {
    var harness = try SchedulerHarness(points: 1)
    let own = try harness.hold(1)
    let orders = try SchedulerHarness.orders([5, 6], from: "elsewhere")
    harness.ask(orders)
    harness.deliver(own, from: 1)
    harness.commit()
    let running = try harness.grantOne(1)
    harness.ask([])
    #expect(harness.records.count == 1)
    harness.commit()
    harness.beat(1, holding: [running.attempt], credit: 0, running: true)
    #expect(harness.takeKeep(1) == [])
    #expect(harness.isComplete)
    // Whoever comes later is told how to have it again.
    _ = harness.takeAnswers()
    harness.ask(orders)
    guard case .refusal(let refusal)? = harness.takeAnswers().first else {
      Issue.record("no refusal")
      return
    }
    #expect(refusal.reason.contains("--linger"))
    harness.ignoreRest()
  }

  @Test("of other terms, of a wrong key, or one too many trains nothing")
  func terms() throws {
    var harness = try SchedulerHarness.idle()
    harness.join(2)
    let orders = try SchedulerHarness.orders([0])
    harness.ask(orders, dataset: Digest(of: "another"))
    harness.ask(orders, trainerVersion: Trainer.version + 1)
    for case .auditProgress(let progress) in harness.takeAnswers() {
      #expect(progress.dataset == Sample.dataset && progress.trainerVersion == Trainer.version)
      #expect(progress.waiting == 0)
    }
    harness.beat(2, credit: 1)
    #expect(harness.attemptRecords == 0)
    var wrong = orders[0]
    wrong.key = PointKey(Digest(of: "another point"))
    harness.ask([wrong])
    #expect(harness.takeResults().map(\.again) == [.notTrained("its key does not fit its point")])
    for number in 8..<(7 + UInt64(AuditLedger.maxAudits)) {
      harness.ask([wrong], AuditID(number))
    }
    _ = harness.takeAnswers()
    harness.ask(orders, AuditID(100))
    guard case .refusal? = harness.takeAnswers().first else {
      Issue.record("no refusal")
      return
    }
    harness.ignoreRest()
  }

  @Test(
    "whose result is another than the stored one is a fault on record, and stands in the status")
  func fault() throws {
    var harness = try SchedulerHarness.idle()
    let orders = try SchedulerHarness.orders([0])
    harness.ask(orders)
    harness.join(2)
    let grant = try harness.grantOne(2)
    harness.deliver(grant, from: 2)
    harness.commit(.audited(differsFrom: String(repeating: "a", count: 64)))
    #expect(harness.scheduler.totals.faults == 1)
    #expect(harness.scheduler.status().alerts.contains { $0.contains("differed") })
    harness.ask(orders)
    #expect(harness.takeResults().count == 1)
    harness.ignoreRest()
  }

  @Test("lets a stop end the coordinator")
  func stop() throws {
    var harness = try SchedulerHarness.idle()
    harness.ask(try SchedulerHarness.orders([0]))
    harness.pass(.seconds(1))
    #expect(!harness.isComplete)
    harness.tell(.stopRequested)
    #expect(harness.isComplete)
    harness.ignoreRest()
  }

  @Test("counts what it trains neither as the sweep's running points nor as its progress")
  func status() throws {
    var harness = try SchedulerHarness.idle()
    harness.ask(try SchedulerHarness.orders([0], from: "elsewhere"))
    _ = try harness.hold()
    let status = harness.scheduler.status()
    #expect(status.running == 0 && status.points == 8 && status.ok == 8)
    #expect(status.workers.first?.running.count == 1)
    harness.ignoreRest()
  }
}
