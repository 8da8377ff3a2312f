import Coordinator
import Sweep
import Testing
import Wire
import Worker

@Suite("A worker's outbox")
struct OutboxTests {
  private func delivery(_ grant: Grant) -> AttemptReport {
    .outcome(
      Delivery(
        attempt: grant.attempt,
        outcome: Sample.outcome(of: grant.point), receipt: Sample.receipt))
  }

  private func kept(_ effects: [AgentEffect]) -> [AttemptID] {
    effects.compactMap { if case .keep(let report) = $0 { report.attempt } else { nil } }
  }

  private func forgotten(_ effects: [AgentEffect]) -> [AttemptID] {
    effects.compactMap { if case .forget(let attempt) = $0 { attempt } else { nil } }
  }

  @Test("is kept on the disk from the end of a point until its acknowledgement")
  func kept() throws {
    var harness = SessionHarness()
    harness.work()
    let (done, lost) = (try harness.grant(1), try harness.grant(2))
    harness.hear(.grant(done))
    harness.finish(done)
    #expect(kept(harness.effects) == [done.attempt])
    harness.hear(.grant(lost))
    harness.tell(.trainerEnded(SlotID(0), .signal(9)))
    #expect(kept(harness.effects) == [done.attempt, lost.attempt])
    #expect(forgotten(harness.effects).isEmpty)
    for grant in [done, lost] {
      harness.hear(.acknowledgement(Acknowledgement(attempt: grant.attempt)))
    }
    #expect(forgotten(harness.effects) == [done.attempt, lost.attempt])
    harness.ignoreRest()
  }

  @Test("is opened for the store that the terms name, and for another one anew")
  func opened() {
    var harness = SessionHarness(stay: true)
    harness.hear(.terms(SessionHarness.terms(store: 5)))
    harness.hear(.terms(SessionHarness.terms(store: 5)))
    func opened() -> [UInt64] {
      harness.effects.compactMap { if case .openOutbox(let store) = $0 { store } else { nil } }
    }
    #expect(opened() == [5])
    harness.hear(.terms(SessionHarness.terms(store: 6)))
    // The hello that these terms answer goes out in its time.
    harness.pass(.seconds(1))
    harness.hear(.terms(SessionHarness.terms(store: 6)))
    #expect(opened() == [5, 6])
  }

  @Test("of a worker that died is delivered by the next one, in its own name, until acknowledged")
  func takenOver() throws {
    var harness = SessionHarness()
    let grant = try harness.grant(3)
    harness.hear(.terms(SessionHarness.terms()))
    harness.tell(.outboxFound([delivery(grant), delivery(grant)]))
    harness.tell(.datasetFound(path: "/d"))
    _ = harness.takeSent()
    harness.makeReady(0)
    harness.pass(.milliseconds(200))
    let sent = harness.takeSent()
    #expect(sent.count { if case .delivery = $0 { true } else { false } } == 1)
    #expect(sent.contains(delivery(grant).message))
    // A heartbeat names it, so that the coordinator can say that it is not wanted.
    let named = sent.contains { message in
      guard case .heartbeat(let beat) = message else { return false }
      return beat.held.contains { $0.attempt == grant.attempt && $0.finished }
    }
    #expect(named)
    harness.hear(.acknowledgement(Acknowledgement(attempt: grant.attempt)))
    #expect(forgotten(harness.effects) == [grant.attempt])
  }

  @Test("with very many results is sent a bounded number at a time")
  func paced() throws {
    var harness = SessionHarness()
    harness.hear(.terms(SessionHarness.terms()))
    let point = try harness.grant(1)
    let many = (1...1000).map { number in
      var grant = point
      grant.attempt = AttemptID(epoch: 1, counter: UInt64(number))
      return delivery(grant)
    }
    harness.tell(.outboxFound(many))
    harness.tell(.datasetFound(path: "/d"))
    harness.makeReady(0)
    _ = harness.takeSent()
    harness.tell(.tick)
    let sent = harness.takeSent().count { if case .delivery = $0 { true } else { false } }
    #expect(sent == 256)
  }

  @Test("reaches the store through whichever session brings it, once")
  func anySession() throws {
    var harness = try SchedulerHarness(points: 2)
    harness.join(1)
    let grant = try harness.grantOne(1)
    // The worker dies; its successor delivers while the lease is still the first one's.
    harness.join(2)
    harness.deliver(grant, from: 2)
    harness.deliver(grant, from: 2)
    #expect(harness.records.count == 1)
    harness.commit()
    #expect(
      harness.take(2)
        == [.acknowledgement(Acknowledgement(attempt: grant.attempt))])
    #expect(harness.scheduler.status().ok == 1)
  }

  @Test("that a successor took over is kept until it is committed, though the lease was another's")
  func keptBySuccessor() throws {
    var harness = try SchedulerHarness(points: 2)
    let grant = try harness.hold()
    harness.succeed(1, by: 2)
    _ = harness.take(2)
    // Its first heartbeat names the outcome before the delivery arrives, and before the loss is on
    // record.
    harness.beat(2, finished: [grant.attempt], credit: 0)
    #expect(harness.takeKeep(2) == [grant.attempt])
    harness.deliver(grant, from: 2)
    harness.deliver(grant, from: 2)
    harness.commit()
    #expect(
      harness.take(2)
        == [.acknowledgement(Acknowledgement(attempt: grant.attempt))])
    // The point is not trained again, and nothing counts against it.
    #expect(harness.scheduler.status().ok == 1)
    #expect(try harness.grantOne(2).key != grant.key)
  }

  @Test("is not dropped by the reply to a heartbeat from before it was finished")
  func oldReply() throws {
    // Seed 280 of the simulation.
    var harness = SessionHarness()
    harness.work()
    let grant = try harness.grant(1)
    harness.hear(.grant(grant))
    harness.pass(.seconds(2))
    _ = harness.takeSent()
    harness.finish(grant)
    harness.reply(harness.lastHeartbeat, keep: [])
    #expect(forgotten(harness.effects).isEmpty)
    // The reply to one that named it as finished counts.
    harness.pass(.seconds(2))
    _ = harness.takeSent()
    harness.reply(harness.lastHeartbeat, keep: [])
    #expect(forgotten(harness.effects) == [grant.attempt])
  }

  @Test("is delivered before a worker believes that nothing is left, and stays on the disk else")
  func atTheEnd() throws {
    var harness = SessionHarness()
    harness.work()
    let grant = try harness.grant(1)
    harness.hear(.grant(grant))
    harness.finish(grant)
    _ = harness.takeSent()
    harness.hear(.finish)
    harness.pass(.milliseconds(200))
    #expect(harness.ending == nil)
    #expect(harness.takeSent().contains { if case .delivery = $0 { true } else { false } })
    #expect(forgotten(harness.effects).isEmpty)
    var heard = harness
    heard.hear(.acknowledgement(Acknowledgement(attempt: grant.attempt)))
    #expect(heard.ending?.status == 0)
    harness.pass(.seconds(4))
    #expect(harness.ending?.status == 0)
    #expect(forgotten(harness.effects).isEmpty)
    harness.ignoreRest()
  }

  @Test("of one coordinator is not thrown away because another one's sweep is complete")
  func anotherSweepIsComplete() throws {
    var harness = SessionHarness()
    harness.work()
    let grant = try harness.grant(1)
    harness.hear(.grant(grant))
    harness.finish(grant)
    // Another coordinator on the same port: it does not know this worker, and is done.
    harness.hear(.terms(SessionHarness.terms(store: 2)))
    harness.hear(.finish)
    #expect(harness.ending?.status == 0)
    #expect(forgotten(harness.effects).isEmpty)
    harness.ignoreRest()
  }

  @Test("gives back at once what a dead worker held, where its successor says so")
  func successor() throws {
    var harness = try SchedulerHarness(points: 1)
    let grant = try harness.hold()
    harness.succeed(1, by: 2)
    #expect(harness.records.count == 1)
    harness.commit()
    _ = harness.take(2)
    let second = try harness.grantOne(2)
    #expect(second.key == grant.key)
  }
}
