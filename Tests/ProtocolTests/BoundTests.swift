import Coordinator
import Sweep
import Testing
import Wire
import Worker

@Suite("A scheduler's memory")
struct BoundTests {
  @Test("takes no more sessions from one peer than it may hold, and of strangers not without end")
  func sessions() throws {
    var harness = try SchedulerHarness()
    for number in 0..<6000 {
      let session = UInt64(1000 + number)
      harness.receive(
        .hello(Sample.hello(session)), session: session, at: SchedulerHarness.peer(9))
      harness.sent.removeAll()
    }
    #expect(harness.scheduler.knownWorkers == 1)
    for number in 0..<6000 {
      let peer = PeerID([1, UInt8(number >> 8), UInt8(number & 255)])
      let session = UInt64(100_000 + number)
      harness.receive(.hello(Sample.hello(session)), session: session, at: peer)
      harness.sent.removeAll()
    }
    #expect(harness.scheduler.knownWorkers <= 4096)
    // Those that are admitted stay, however many strangers come.
    harness.join(1)
    _ = try harness.grantOne(1)
    for number in 0..<6000 {
      let peer = PeerID([2, UInt8(number >> 8), UInt8(number & 255)])
      let session = UInt64(200_000 + number)
      harness.receive(.hello(Sample.hello(session)), session: session, at: peer)
      harness.sent.removeAll()
    }
    harness.beat(1, credit: 0)
    #expect(harness.takeKeep(1) != nil)
  }

  @Test("leaves nothing in the store of sessions that come and go without taking a point")
  func passersBy() throws {
    var harness = try SchedulerHarness(points: 5)
    for session: UInt64 in 1...100 {
      harness.receive(.hello(Sample.hello(session)), from: session)
      harness.receive(.ready(Ready(fingerprint: "f")), from: session)
      harness.beat(session, credit: 0)
      harness.receive(.goodbye, from: session)
      harness.sent.removeAll()
    }
    #expect(harness.records.isEmpty)
    harness.join(200)
    harness.beat(200, credit: 2)
    guard case .worker(let session, _, "f", nil)? = harness.records.first else {
      Issue.record("no worker ahead of its attempts: \(harness.records)")
      return
    }
    #expect(session == SessionID(200))
    #expect(harness.attemptRecords == harness.records.count - 1)
    harness.ignoreRest()
  }

  @Test("counts what is said ahead of a hello or a ready")
  func order() throws {
    var harness = try SchedulerHarness(points: 5)
    // As a worker does whose coordinator was started anew.
    harness.beat(1, credit: 1)
    #expect(harness.scheduler.totals.misplaced == 0)
    harness.beat(1, credit: 1)
    #expect(harness.scheduler.totals.misplaced == 1)
    harness.receive(.hello(Sample.hello(1)), from: 1)
    #expect(harness.scheduler.totals.misplaced == 1)
    harness.beat(1, credit: 1)
    #expect(harness.scheduler.totals.misplaced == 2)
    #expect(harness.records.isEmpty)
    harness.ignoreRest()
  }

  @Test("grants a bounded number of points a slot, whatever credit is asked for")
  func credit() throws {
    var harness = try SchedulerHarness(points: 5000)
    harness.join(1, slots: 1)
    harness.beat(1, credit: 1_000_000)
    #expect(harness.attemptRecords == 1024)
    harness.commit()
    _ = harness.take(1)
    harness.beat(1, credit: 1_000_000)
    #expect(harness.records.isEmpty)
    harness.ignoreRest()
  }

  @Test("passes a bounded number of late outcomes on, and takes the rest when they come again")
  func late() throws {
    var harness = try SchedulerHarness(points: 4)
    harness.join(1)
    let grant = try harness.grantOne(1)
    func flood() {
      for number in 0..<1000 {
        var forged = grant
        forged.attempt = AttemptID(epoch: 1, counter: UInt64(number))
        harness.deliver(forged, from: 1)
      }
    }
    flood()
    #expect(harness.records.count == 256)
    harness.commit(.unknownAttempt)
    flood()
    #expect(harness.records.count == 256)
    // A line a second, however many were forged.
    #expect(harness.log.count { $0.contains("never granted") } == 1)
  }

  @Test("of a session takes no more grants than it could have asked for")
  func grants() throws {
    var harness = SessionHarness()
    harness.work()
    let point = try harness.grant(1)
    for number in 0..<3000 {
      var grant = point
      grant.attempt = AttemptID(epoch: 1, counter: UInt64(number))
      harness.hear(.grant(grant))
    }
    harness.pass(.seconds(2))
    let held = harness.takeSent().compactMap { message in
      if case .heartbeat(let beat) = message { beat.held.count } else { nil }
    }
    #expect(try #require(held.last) <= 1030)
  }
}

@Suite("A store whose disk is full")
struct FullStoreTests {
  @Test("stops the granting, not the talking, and goes on when there is room")
  func stalled() throws {
    var harness = try SchedulerHarness(points: 5)
    harness.join(1, slots: 2)
    let grant = try harness.grantOne(1)
    harness.tell(.storeStalled("the disk is full"))
    harness.tell(.storeStalled("the disk is full"))
    #expect(harness.log.count { $0.contains("the disk is full") } == 1)
    #expect(harness.scheduler.status().alerts == ["the disk is full"])
    harness.beat(1, holding: [grant.attempt], credit: 2)
    #expect(harness.takeKeep(1) == [grant.attempt])
    harness.deliver(grant, from: 1)
    // Its outcome waits for the store; nothing is acknowledged, and nothing is granted.
    #expect(harness.records.count == 1)
    #expect(harness.take(1).isEmpty)
    harness.tell(.storeRecovered)
    harness.commit()
    harness.beat(1, credit: 2)
    harness.commit()
    let sent = harness.take(1)
    #expect(sent.contains { if case .acknowledgement = $0 { true } else { false } })
    #expect(sent.contains { if case .grant = $0 { true } else { false } })
    #expect(harness.scheduler.status().alerts.isEmpty)
  }
}
