import Coordinator
import Sweep
import Testing
import VAE
import Wire
import Worker

@Suite("Checkpoints between worker and coordinator")
struct CheckpointProtocolTests {
  private let bytes = [UInt8](repeating: 7, count: 600_000)

  private func reference(step: Int = 100, fingerprint: String = "f") -> CheckpointReference {
    CheckpointReference(
      digest: Digest(of: bytes), size: bytes.count, step: step, fingerprint: fingerprint)
  }

  // MARK: the scheduler

  private func offer(
    _ harness: inout SchedulerHarness, _ grant: Grant, _ reference: CheckpointReference,
    from worker: UInt64 = 1
  ) {
    harness.receive(
      .checkpointOffer(
        CheckpointOffer(
          attempt: grant.attempt, checkpoint: reference)),
      from: worker)
  }

  /// Answers every request for pieces that waits, until none does; returns the most at a time.
  private func feed(_ harness: inout SchedulerHarness, _ worker: UInt64 = 1) -> Int {
    var most = 0
    while true {
      let requests = harness.take(worker).compactMap { message in
        if case .blobRequest(let request) = message { request } else { nil }
      }
      guard let first = requests.first else { return most }
      most = max(most, requests.count)
      for request in [first] + requests.dropFirst() {
        let end = min(request.offset + request.length, bytes.count)
        harness.receive(
          .blobChunk(
            BlobChunk(
              digest: request.digest, offset: request.offset,
              size: bytes.count, data: Array(bytes[request.offset..<end]))), from: worker)
      }
    }
  }

  private func replies(_ harness: inout SchedulerHarness, _ worker: UInt64 = 1) -> [Bool] {
    harness.take(worker).compactMap { message in
      if case .checkpointReply(let reply) = message { reply.stored } else { nil }
    }
  }

  @Test("of an attempt that has ended are asked for no more")
  func endedAttempt() throws {
    var harness = try SchedulerHarness(points: 2)
    let grant = try harness.hold()
    offer(&harness, grant, reference())
    #expect(!harness.take(1).isEmpty)
    harness.deliver(grant, from: 1)
    harness.commit()
    _ = harness.take(1)
    // Nothing of it has come, and nothing will.
    harness.pass(.seconds(14))
    #expect(harness.take(1).isEmpty)
  }

  @Test("are read in pieces, two at a time, written, recorded, and only then answered")
  func kept() throws {
    var harness = try SchedulerHarness(points: 1)
    let grant = try harness.hold()
    offer(&harness, grant, reference())
    offer(&harness, grant, reference())
    #expect(feed(&harness) == 2)
    #expect(harness.written.count == 1)
    let offered = try #require(harness.written.first?.offered)
    #expect(harness.written.first?.data == bytes)
    #expect(harness.records.isEmpty)
    harness.tell(.checkpointWritten(offered))
    #expect(harness.records.count == 1)
    #expect(replies(&harness).isEmpty)
    harness.commit()
    #expect(replies(&harness) == [true])
    // The next worker goes on from it.
    harness.receive(.goodbye, from: 1)
    harness.commit()
    harness.join(2)
    let second = try harness.grantOne(2)
    #expect(second.checkpoint == reference())
    // Once the point has its outcome the file goes.
    harness.deliver(second, from: 2)
    #expect(harness.deleted.isEmpty)
    harness.commit()
    #expect(harness.deleted == [reference().digest])
    harness.ignoreRest()
  }

  @Test("larger than the net can need are not waited for")
  func tooLarge() throws {
    var harness = try SchedulerHarness(points: 1)
    let grant = try harness.hold()
    let limit = CheckpointExchange.maxSize(of: grant.point.configuration.architecture)
    #expect(limit < 20 << 20)
    for (size, step) in [(limit + 1, 1), (CheckpointReference.largest, 2)] {
      offer(
        &harness, grant,
        CheckpointReference(digest: Digest(of: "it"), size: size, step: step, fingerprint: "f"))
      #expect(replies(&harness) == [false])
    }
    offer(&harness, grant, reference())
    #expect(feed(&harness) == 2)
  }

  @Test("never go back: neither to fewer steps nor to an attempt that is over")
  func fenced() throws {
    var harness = try SchedulerHarness(points: 1)
    let grant = try harness.hold()
    offer(&harness, grant, reference(step: 100))
    _ = feed(&harness)
    harness.tell(.checkpointWritten(try #require(harness.written.first?.offered)))
    harness.commit()
    _ = harness.take(1)
    for step in [50, 99] {
      var older = reference(step: step)
      older.digest = Digest(of: "older")
      offer(&harness, grant, older)
      #expect(replies(&harness) == [false])
    }
    // The same again: it is there already.
    offer(&harness, grant, reference(step: 100))
    #expect(replies(&harness) == [true])
    // The attempt is lost, and another one has the point.
    harness.pass(.seconds(16))
    harness.commit()
    let second = try harness.hold(2)
    #expect(second.checkpoint?.step == 100)
    harness.join(1)
    var late = reference(step: 500)
    late.digest = Digest(of: "late")
    offer(&harness, grant, late)
    #expect(replies(&harness) == [false])
    #expect(harness.deleted.isEmpty)
  }

  @Test("that come too late are not relied upon: their attempt ended while they were written")
  func overtaken() throws {
    var harness = try SchedulerHarness(points: 1)
    let grant = try harness.hold()
    offer(&harness, grant, reference())
    _ = feed(&harness)
    let offered = try #require(harness.written.first?.offered)
    harness.deliver(grant, from: 1)
    harness.commit()
    harness.tell(.checkpointWritten(offered))
    #expect(harness.records.isEmpty)
    #expect(harness.deleted == [reference().digest])
    harness.ignoreRest()
  }

  @Test("of one attempt are not deleted while the same bytes of the next are on their way")
  func sameBytes() throws {
    // Seed 254796 of the simulation.
    var harness = try SchedulerHarness(points: 1)
    let first = try harness.hold()
    offer(&harness, first, reference())
    _ = feed(&harness)
    harness.fail(first, .trainerSignal(9), from: 1)
    harness.commit()
    _ = harness.take(1)
    let second = try harness.grantOne(1)
    harness.beat(1, holding: [second.attempt], credit: 0, running: true)
    _ = harness.take(1)
    offer(&harness, second, reference())
    _ = feed(&harness)
    try #require(harness.written.count == 2)
    harness.tell(.checkpointWritten(harness.written[1].offered))
    harness.tell(.checkpointWritten(harness.written[0].offered))
    #expect(harness.deleted.isEmpty)
    harness.commit()
    _ = harness.take(1)
    harness.receive(.goodbye, from: 1)
    harness.commit()
    harness.join(2)
    #expect(try harness.grantOne(2).checkpoint == reference())
  }

  @Test("move only within one fingerprint")
  func fingerprints() throws {
    var harness = try SchedulerHarness(points: 1) { $0.mixed = true }
    let grant = try harness.hold()
    offer(&harness, grant, reference(fingerprint: "another"))
    #expect(replies(&harness) == [false])
    offer(&harness, grant, reference())
    _ = feed(&harness)
    harness.tell(.checkpointWritten(try #require(harness.written.first?.offered)))
    harness.commit()
    harness.receive(.goodbye, from: 1)
    harness.commit()
    harness.receive(.hello(Sample.hello(2, slots: 1)), from: 2)
    harness.receive(.ready(Ready(fingerprint: "another")), from: 2)
    harness.commit()
    _ = harness.take(2)
    #expect(try harness.grantOne(2).checkpoint == nil)
    harness.ignoreRest()
  }

  @Test("that are damaged, or find no room, are refused, and the point goes on without")
  func refused() throws {
    var harness = try SchedulerHarness(points: 1)
    let grant = try harness.hold()
    offer(&harness, grant, reference())
    _ = feed(&harness)
    harness.tell(
      .checkpointRefused(try #require(harness.written.first?.offered), "no space left on device"))
    #expect(replies(&harness) == [false])
    #expect(harness.log.contains { $0.contains("no space left") })
    harness.deliver(grant, from: 1)
    harness.commit()
    #expect(harness.isComplete)
    harness.ignoreRest()
  }

  @Test("are given up, with the memory they took, when their worker falls silent")
  func abandoned() throws {
    var harness = try SchedulerHarness(points: 1) { $0.lease = .seconds(300) }
    let grant = try harness.hold()
    offer(&harness, grant, reference())
    _ = harness.take(1)
    harness.pass(BlobPull.patience * (BlobPull.maxWaits + 1))
    let asked = harness.take(1).count { if case .blobRequest = $0 { true } else { false } }
    #expect(asked == BlobPull.outstanding * BlobPull.maxWaits)
    // Offered again it is asked for again.
    offer(&harness, grant, reference())
    _ = feed(&harness)
    #expect(harness.written.count == 1)
  }

  // MARK: the session

  private func working(
    slots: Int = 1, sourceLocation: SourceLocation = #_sourceLocation
  ) -> SessionHarness {
    var harness = SessionHarness(slots: slots, sourceLocation: sourceLocation)
    harness.hear(.terms(SessionHarness.terms()))
    harness.tell(.checkpointsFound(folder: "/state", []))
    harness.tell(.datasetFound(path: "/d"))
    for slot in 0..<slots { harness.makeReady(slot) }
    _ = harness.takeSent()
    harness.effects.removeAll()
    return harness
  }

  private func report(
    _ grant: Grant, step: Int, seconds: Int, isStopped: Bool = false
  ) -> FromTrainer {
    var reference = reference(step: step)
    reference.digest = Digest(of: "step \(step)")
    return .checkpoint(
      TrainerCheckpoint(
        attempt: grant.attempt, path: "/state/p.\(step)", checkpoint: reference,
        trained: .seconds(seconds), isStopped: isStopped))
  }

  private func offers(_ sent: [WorkerMessage]) -> [CheckpointOffer] {
    sent.compactMap { if case .checkpointOffer(let offer) = $0 { offer } else { nil } }
  }

  private func removed(_ effects: [AgentEffect]) -> [String] {
    effects.compactMap { if case .removeCheckpoint(let path) = $0 { path } else { nil } }
  }

  private func reply(_ harness: inout SessionHarness, _ offer: CheckpointOffer, stored: Bool) {
    harness.hear(
      .checkpointReply(
        CheckpointReply(
          attempt: offer.attempt, digest: offer.checkpoint.digest,
          stored: stored)))
  }

  @Test("are handed over when that saves more than it costs, the newest, one at a time")
  func rule() throws {
    var harness = working()
    let grant = try harness.grant(1)
    harness.hear(.grant(grant))
    let order = try #require(harness.takeOrders().first)
    #expect(order.checkpoints?.path == "/state/\(grant.key)")
    #expect(order.checkpoints?.resume == nil)
    // A second of training is not worth it.
    harness.tell(.trainerSaid(SlotID(0), report(grant, step: 10, seconds: 1)))
    #expect(offers(harness.takeSent()).isEmpty)
    harness.tell(.trainerSaid(SlotID(0), report(grant, step: 20, seconds: 60)))
    let first = offers(harness.takeSent())
    #expect(first.map(\.checkpoint.step) == [20])
    #expect(removed(harness.effects) == ["/state/p.10"])
    // What is being read stays until it is answered.
    harness.tell(.trainerSaid(SlotID(0), report(grant, step: 30, seconds: 120)))
    harness.tell(.trainerSaid(SlotID(0), report(grant, step: 40, seconds: 180)))
    #expect(offers(harness.takeSent()).isEmpty)
    #expect(removed(harness.effects) == ["/state/p.10", "/state/p.30"])
    reply(&harness, first[0], stored: true)
    #expect(offers(harness.takeSent()).map(\.checkpoint.step) == [40])
    #expect(removed(harness.effects) == ["/state/p.10", "/state/p.30", "/state/p.20"])
    // The end of the point ends all of it.
    harness.finish(grant)
    #expect(removed(harness.effects).last == "/state/p.40")
    harness.ignoreRest()
  }

  @Test("are sent piece by piece as the coordinator asks")
  func pieces() throws {
    var harness = working()
    let grant = try harness.grant(1)
    harness.hear(.grant(grant))
    harness.tell(.trainerSaid(SlotID(0), report(grant, step: 20, seconds: 60)))
    let offer = try #require(offers(harness.takeSent()).first)
    func ask(_ digest: Digest) -> Int {
      harness.hear(
        .blobRequest(
          BlobRequest(digest: digest, offset: 0, length: 1000)))
      return harness.effects.count { if case .sendPiece = $0 { true } else { false } }
    }
    #expect(ask(Digest(of: "something else")) == 0)
    #expect(ask(offer.checkpoint.digest) == 1)
    harness.pass(.seconds(6))
    #expect(offers(harness.takeSent()).count == 1)
  }

  @Test("are made and handed over when a worker is asked to stop, which then leaves with 0")
  func stopped() throws {
    var harness = working(slots: 2)
    let (long, short) = (try harness.grant(1), try harness.grant(2))
    harness.hear(.grant(long))
    harness.hear(.grant(short))
    _ = harness.takeSent()
    harness.tell(.stopRequested)
    let asked = harness.effects.count { if case .stopTrainer = $0 { true } else { false } }
    #expect(asked == 2)
    #expect(harness.kills == 0)
    harness.tell(.trainerSaid(SlotID(1), report(short, step: 3, seconds: 0, isStopped: true)))
    harness.tell(.trainerEnded(SlotID(1), .status(0)))
    harness.tell(.trainerSaid(SlotID(0), report(long, step: 900, seconds: 300, isStopped: true)))
    harness.tell(.trainerEnded(SlotID(0), .status(0)))
    let offer = try #require(offers(harness.takeSent()).first)
    #expect(offer.attempt == long.attempt)
    #expect(harness.ending == nil)
    // Meanwhile its heartbeats name what is being handed over, and ask for nothing.
    harness.pass(.seconds(1))
    guard case .heartbeat(let beat)? = harness.takeSent().last else {
      Issue.record("no heartbeat")
      return
    }
    #expect(beat.held.map(\.attempt) == [long.attempt])
    #expect(beat.credit == 0)
    reply(&harness, offer, stored: true)
    harness.tell(.tick)
    #expect(harness.ending?.status == 0)
    let sent = harness.takeSent()
    #expect(sent.last == .goodbye)
    #expect(!sent.contains { if case .failure = $0 { true } else { false } })
  }

  @Test("are waited for a few seconds only")
  func deadline() throws {
    var harness = working()
    let grant = try harness.grant(1)
    harness.hear(.grant(grant))
    harness.tell(.stopRequested)
    harness.pass(.seconds(9))
    #expect(harness.ending?.status == 0)
    #expect(harness.kills == 1)
    harness.ignoreRest()
  }

  @Test("are fetched before their point starts, while what needs none goes first")
  func fetched() throws {
    var harness = working()
    var (needy, other) = (try harness.grant(1), try harness.grant(2))
    needy.checkpoint = reference(step: 70)
    other.checkpoint = reference(step: 70, fingerprint: "another")
    harness.hear(.grant(needy))
    harness.hear(.grant(other))
    #expect(harness.takeOrders().map(\.key) == [other.key])
    var pieces = 0
    for case .blobRequest(let request) in harness.takeSent() {
      pieces += 1
      let chunk = BlobChunk(
        digest: request.digest, offset: request.offset, size: bytes.count,
        data: Array(bytes[request.offset..<(request.offset + request.length)]))
      harness.hear(.blobChunk(chunk))
    }
    #expect(pieces == 2)
    harness.finish(other)
    #expect(harness.takeOrders().isEmpty)
    let local = LocalCheckpoint(
      key: needy.key, path: "/state/q.70", reference: reference(step: 70), trained: .seconds(50))
    harness.tell(.checkpointFetched(needy.key, local))
    #expect(harness.takeOrders().first?.checkpoints?.resume == "/state/q.70")
    harness.ignoreRest()
  }

  @Test("that cannot be had hold no point up", arguments: ["silent", "damaged"])
  func notFetched(how: String) throws {
    var harness = working()
    var grant = try harness.grant(1)
    grant.checkpoint = reference(step: 70)
    harness.hear(.grant(grant))
    #expect(harness.takeOrders().isEmpty)
    if how == "damaged" {
      harness.tell(.checkpointFetched(grant.key, nil))
    } else {
      // As long as any blob is waited for, with a coordinator that is there all the while.
      for _ in 0...BlobPull.maxWaits {
        harness.pass(BlobPull.patience)
        harness.reply(0, keep: [grant.attempt])
      }
    }
    #expect(harness.takeOrders().map(\.checkpoints?.resume) == [nil])
    harness.ignoreRest()
  }

  @Test("that a killed worker left on the host are found by the next one there")
  func leftOver() throws {
    var harness = SessionHarness()
    var grant = try harness.grant(1)
    grant.checkpoint = reference(step: 70)
    harness.hear(.terms(SessionHarness.terms()))
    let local = LocalCheckpoint(
      key: grant.key, path: "/state/old.90", reference: reference(step: 90), trained: .seconds(50))
    harness.tell(.checkpointsFound(folder: "/state", [local]))
    harness.tell(.datasetFound(path: "/d"))
    harness.makeReady(0)
    harness.hear(.grant(grant))
    #expect(harness.takeOrders().map(\.checkpoints?.resume) == ["/state/old.90"])
    #expect(!harness.takeSent().contains { if case .blobRequest = $0 { true } else { false } })
  }
}
