import Coordinator
import Sweep
import Testing
import VAE
import Wire
import Worker

/// Drives a worker's session by hand; every message that it sends must be taken, or the test fails.
///
/// But for hellos and heartbeats: they are repeated as long as a worker lives.
struct SessionHarness {
  var session: AgentSession
  var now: Duration = .zero
  var effects: [AgentEffect] = [] {
    didSet {
      let unread = effects.compactMap { effect -> WorkerMessage? in
        guard case .send(let envelope) = effect else { return nil }
        return switch envelope.message {
        case .hello, .heartbeat: nil
        case .ready, .delivery, .failure, .handback, .checkpointOffer, .blobRequest, .blobChunk,
          .goodbye:
          envelope.message
        }
      }
      end.unread = unread.first.map { (unread.count, "\($0)") }
    }
  }
  /// The number of the last heartbeat that was taken.
  var lastHeartbeat: UInt64 = 0
  let id = SessionID(7)
  private let end: HarnessEnd

  init(
    slots: Int = 1, wait: Duration = .seconds(60), stay: Bool = false,
    timeLimit: EndOfTime? = nil, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    end = HarnessEnd(sourceLocation)
    var settings = AgentSettings(
      session: SessionID(7), hello: Sample.hello(7, slots: slots), wait: wait, stay: stay)
    settings.timeLimit = timeLimit
    session = AgentSession(settings: settings)
    tell(.tick)
  }

  mutating func tell(_ event: AgentEvent) { effects += session.handle(event, at: now) }

  /// The coordinator says something to this session.
  mutating func hear(_ message: ToWorker, answering sequence: UInt64 = 0) {
    tell(.received(Envelope(message, session: id, sequence: sequence)))
  }

  mutating func pass(_ length: Duration) {
    let end = now + length
    while now < end {
      now += .milliseconds(100)
      tell(.tick)
    }
  }

  /// What is still unread does not matter to this test.
  mutating func ignoreRest() { _ = takeSent() }

  /// The messages sent since the last look.
  mutating func takeSent() -> [WorkerMessage] {
    var sent: [WorkerMessage] = []
    for case .send(let envelope) in effects {
      sent.append(envelope.message)
      if case .heartbeat = envelope.message { lastHeartbeat = envelope.sequence }
    }
    effects.removeAll { if case .send = $0 { true } else { false } }
    return sent
  }

  mutating func takeOrders() -> [TrainerOrder] {
    let orders = effects.compactMap { if case .order(_, let order) = $0 { order } else { nil } }
    effects.removeAll { if case .order = $0 { true } else { false } }
    return orders
  }

  var kills: Int { effects.count { if case .killTrainer = $0 { true } else { false } } }

  var ending: (status: Int32, message: String?)? {
    for case .end(let status, let message) in effects { return (status, message) }
    return nil
  }

  static func terms(store: UInt64 = 1, epoch: UInt64 = 1, core: String = "haswell") -> Terms {
    Terms(
      store: store, coordinatorEpoch: epoch, coordinatorStart: 0, sweep: "s", blasCore: core,
      datasetDigest: Sample.dataset,
      datasetName: "d", datasetBytes: 600_000, heartbeat: .seconds(1), lease: .seconds(15))
  }

  /// Meets the terms with every trainer ready.
  mutating func work() {
    hear(.terms(Self.terms()))
    tell(.datasetFound(path: "/d"))
    for slot in 0..<session.settings.hello.slots { makeReady(slot) }
    _ = takeSent()
    effects.removeAll()
  }

  mutating func makeReady(_ slot: Int) {
    let ready = TrainerReady(fingerprint: "f", blasCore: "haswell")
    tell(.trainerSaid(SlotID(slot), .ready(ready)))
  }

  func grant(_ counter: UInt64) throws -> Grant {
    let point = try #require(try Sample.grid(points: 100).point(at: Int(counter)))
    return Grant(
      attempt: AttemptID(epoch: 1, counter: counter),
      key: Sample.outcome(of: point).key, point: point)
  }

  mutating func finish(_ grant: Grant, in slot: Int = 0) {
    let outcome = TrainerOutcome(outcome: Sample.outcome(of: grant.point), receipt: Sample.receipt)
    tell(.trainerSaid(SlotID(slot), .outcome(outcome)))
  }

  mutating func reply(_ sequence: UInt64, keep: [AttemptID]) {
    hear(.heartbeatReply(HeartbeatReply(keep: keep)), answering: sequence)
  }
}

@Suite("A worker's session")
struct AgentSessionTests {
  @Test("says hello until it is answered, says once that it waits, and gives up with 1")
  func seeking() {
    var harness = SessionHarness(wait: .seconds(10))
    harness.pass(.seconds(9))
    #expect(harness.takeSent().count > 5)
    let waits = harness.effects.count {
      if case .log(let text, _) = $0 { text.contains("waiting") } else { false }
    }
    #expect(waits == 1)
    #expect(harness.ending == nil)
    harness.pass(.seconds(2))
    #expect(harness.ending?.status == 1)
  }

  @Test("says hello at once when the network has a connection, however long the pause had grown")
  func connected() {
    var harness = SessionHarness()
    harness.pass(.seconds(20))
    // Just after a hello, when the next one is furthest away.
    while harness.takeSent().isEmpty { harness.pass(.milliseconds(100)) }
    harness.tell(.connected)
    harness.pass(.milliseconds(300))
    #expect(harness.takeSent() == [.hello(harness.session.settings.hello)])
    // Connections that come and go are no reason for more than a few a second.
    for _ in 0..<100 {
      harness.tell(.connected)
      harness.pass(.milliseconds(100))
    }
    #expect(harness.takeSent().count <= 80)
  }

  @Test("is ready once it has the dataset and a trainer's fingerprint")
  func ready() {
    var harness = SessionHarness(slots: 2)
    _ = harness.takeSent()
    harness.hear(.terms(SessionHarness.terms()))
    #expect(harness.takeSent().isEmpty)
    harness.tell(.datasetFound(path: "/d"))
    let started = harness.effects.count { if case .startTrainer = $0 { true } else { false } }
    #expect(started == 2)
    harness.makeReady(0)
    let sent = harness.takeSent()
    #expect(sent.first == .ready(Ready(fingerprint: "f")))
    guard case .heartbeat(let beat)? = sent.last else {
      Issue.record("no heartbeat in \(sent)")
      return
    }
    #expect(beat.credit == 4)
  }

  @Test("fetches a dataset it lacks in chunks, two requests at a time, and asks again when stuck")
  func transfer() {
    var harness = SessionHarness()
    _ = harness.takeSent()
    harness.hear(.terms(SessionHarness.terms()))
    harness.tell(.datasetMissing)
    #expect(harness.takeSent().count == 2)
    let chunk = BlobChunk(
      digest: Sample.dataset, offset: 0, size: 600_000,
      data: [UInt8](repeating: 0, count: BlobPull.shortest))
    harness.hear(.blobChunk(chunk))
    #expect(harness.takeSent().count == 1)
    // A doubled chunk is not taken twice.
    harness.hear(.blobChunk(chunk))
    #expect(harness.effects.count { if case .store = $0 { true } else { false } } == 1)
    harness.pass(.seconds(6))
    guard case .blobRequest(let request)? = harness.takeSent().first else {
      Issue.record("it does not ask again")
      return
    }
    #expect(request.offset == BlobPull.shortest)
  }

  @Test("trains what it is granted, holds the next point, and never starts a point twice")
  func grants() throws {
    var harness = SessionHarness()
    harness.work()
    let (first, second) = (try harness.grant(1), try harness.grant(2))
    for grant in [first, first, second, second] { harness.hear(.grant(grant)) }
    #expect(harness.takeOrders().map(\.key) == [first.key])
    harness.finish(first)
    #expect(harness.takeOrders().map(\.key) == [second.key])
    harness.hear(.acknowledgement(Acknowledgement(attempt: first.attempt)))
    harness.hear(.grant(first))
    harness.finish(second)
    #expect(harness.takeOrders().isEmpty)
    harness.ignoreRest()
  }

  @Test("keeps an outcome and sends it again until it is acknowledged")
  func outbox() throws {
    var harness = SessionHarness()
    harness.work()
    let grant = try harness.grant(1)
    harness.hear(.grant(grant))
    harness.finish(grant)
    func deliveries(_ sent: [WorkerMessage]) -> Int {
      sent.count { if case .delivery = $0 { true } else { false } }
    }
    #expect(deliveries(harness.takeSent()) == 1)
    harness.pass(.seconds(12))
    #expect(deliveries(harness.takeSent()) == 2)
    harness.hear(.acknowledgement(Acknowledgement(attempt: grant.attempt)))
    harness.pass(.seconds(12))
    #expect(deliveries(harness.takeSent()) == 0)
  }

  @Test("drops what a reply leaves out, but not what its heartbeat had not named")
  func drops() throws {
    var harness = SessionHarness()
    harness.work()
    let (old, young) = (try harness.grant(1), try harness.grant(2))
    harness.hear(.grant(old))
    harness.pass(.milliseconds(100))
    guard case .heartbeat? = harness.takeSent().last else {
      Issue.record("no heartbeat")
      return
    }
    harness.hear(.grant(young))
    harness.reply(harness.lastHeartbeat, keep: [])
    #expect(harness.kills == 1)
    harness.tell(.trainerEnded(SlotID(0), .signal(9)))
    harness.makeReady(0)
    #expect(harness.takeOrders().map(\.key) == [old.key, young.key])
    // The kill was its own doing, no failure.
    #expect(!harness.takeSent().contains { if case .failure = $0 { true } else { false } })
  }

  @Test(
    "reports how a trainer ended at once and starts another",
    arguments: [
      (TrainerExit.signal(9), FailureReason.trainerSignal(9)),
      (.status(70), .trainerExit(status: 70)),
    ])
  func trainerDeath(exit: TrainerExit, reason: FailureReason) throws {
    var harness = SessionHarness()
    harness.work()
    let grant = try harness.grant(1)
    harness.hear(.grant(grant))
    _ = harness.takeSent()
    harness.tell(.trainerEnded(SlotID(0), exit))
    #expect(
      harness.takeSent().first
        == .failure(FailureReport(attempt: grant.attempt, key: grant.key, reason: reason)))
    #expect(harness.effects.contains { if case .startTrainer = $0 { true } else { false } })
  }

  @Test("gives up with 1 where trainers do not start")
  func noTrainers() {
    var harness = SessionHarness()
    harness.hear(.terms(SessionHarness.terms()))
    harness.tell(.datasetFound(path: "/d"))
    for _ in 0..<3 { harness.tell(.trainerEnded(SlotID(0), .signal(4))) }
    #expect(harness.ending?.status == 1)
    #expect(harness.ending?.message?.contains("signal 4") == true)
  }

  @Test("goes on training while its coordinator is away, and presents what it holds to the next")
  func newCoordinator() throws {
    var harness = SessionHarness()
    harness.work()
    let grant = try harness.grant(1)
    harness.hear(.grant(grant))
    harness.pass(.seconds(20))
    #expect(harness.kills == 0)
    _ = harness.takeSent()
    harness.hear(.terms(SessionHarness.terms(epoch: 2)))
    #expect(harness.takeSent() == [.hello(harness.session.settings.hello)])
    harness.hear(.terms(SessionHarness.terms(epoch: 2)))
    let sent = harness.takeSent()
    #expect(sent.first == .ready(Ready(fingerprint: "f")))
    guard case .heartbeat(let beat)? = sent.last else {
      Issue.record("no heartbeat in \(sent)")
      return
    }
    #expect(beat.held.map(\.attempt) == [grant.attempt])
    #expect(harness.kills == 0)
  }

  @Test("answers terms it did not ask for by one hello, however often and late they come")
  func unaskedTerms() {
    // The hello to a new coordinator is lost; all else reaches it, and each is answered with terms
    // (seed 59385 of the simulation: an exchange without end, growing with every doubled message).
    var harness = SessionHarness()
    harness.work()
    harness.pass(.seconds(1))
    _ = harness.takeSent()
    var sent: [WorkerMessage] = []
    for _ in 0..<1000 {
      harness.hear(.terms(SessionHarness.terms(epoch: 2)))
      sent += harness.takeSent()
    }
    // A hello; to the next terms, which may be its answer, ready and a heartbeat; then silence until
    // the next hello is due.
    #expect(sent.count == 3)
    let hellos = sent.count { if case .hello = $0 { true } else { false } }
    #expect(hellos == 1)
  }

  @Test("ends with 1 when its coordinator vanishes for good, and with its reason when refused")
  func vanished() {
    var harness = SessionHarness(wait: .seconds(30))
    harness.work()
    harness.pass(.seconds(31))
    #expect(harness.ending?.status == 1)
    var refused = SessionHarness()
    refused.hear(.refusal(Refusal(reason: "wrong version")))
    #expect(refused.ending?.status == 1)
    #expect(refused.ending?.message?.contains("wrong version") == true)
  }

  @Test("ends with 0 when the sweep is complete, or waits for the next coordinator with stay")
  func finish() {
    var harness = SessionHarness()
    harness.work()
    harness.hear(.finish)
    #expect(harness.takeSent() == [.goodbye])
    #expect(harness.ending?.status == 0)
    var staying = SessionHarness(stay: true)
    staying.work()
    staying.hear(.finish)
    #expect(staying.ending == nil)
    staying.pass(.seconds(4))
    #expect(staying.takeSent().contains { if case .hello = $0 { true } else { false } })
  }

  @Test("knows nothing of another store's attempts, whose numbers are the same")
  func otherStore() throws {
    var harness = SessionHarness(slots: 2, stay: true)
    harness.work()
    let (settled, open) = (try harness.grant(1), try harness.grant(2))
    harness.hear(.grant(settled))
    harness.hear(.grant(open))
    harness.finish(settled)
    harness.hear(.acknowledgement(Acknowledgement(attempt: settled.attempt)))
    harness.finish(open, in: 1)
    _ = harness.takeOrders()
    // Another coordinator on the same port.
    harness.hear(.terms(SessionHarness.terms(store: 2)))
    harness.pass(.seconds(1))
    harness.hear(.terms(SessionHarness.terms(store: 2)))
    for slot in 0..<2 { harness.tell(.trainerEnded(SlotID(slot), .signal(9))) }
    harness.tell(.datasetFound(path: "/d"))
    for slot in 0..<2 { harness.makeReady(slot) }
    guard case .heartbeat(let beat)? = harness.takeSent().last else {
      Issue.record("no heartbeat")
      return
    }
    #expect(beat.held.isEmpty)
    harness.hear(.grant(settled))
    #expect(harness.takeOrders().map(\.key) == [settled.key])
  }

  @Test("gives up a dataset whose coordinator fell silent, and looks for another")
  func transferBrokenOff() {
    var harness = SessionHarness(wait: .seconds(30))
    harness.hear(.terms(SessionHarness.terms()))
    harness.tell(.datasetMissing)
    harness.pass(.seconds(20))
    #expect(harness.takeSent().contains { if case .hello = $0 { true } else { false } })
    #expect(harness.ending == nil)
    harness.pass(.seconds(11))
    #expect(harness.ending?.status == 1)
  }

  @Test("stops although the sweep is complete at the same moment, also with stay")
  func stopAndFinish() throws {
    var harness = SessionHarness(stay: true)
    harness.work()
    let grant = try harness.grant(1)
    harness.hear(.grant(grant))
    harness.finish(grant)
    harness.tell(.stopRequested)
    harness.hear(.finish)
    #expect(harness.ending?.status == 0)
    harness.ignoreRest()
  }

  @Test("ends with 1 where a trainer started later computes another fingerprint")
  func replacedBinary() throws {
    var harness = SessionHarness()
    harness.work()
    harness.tell(.trainerEnded(SlotID(0), .signal(9)))
    let ready = TrainerReady(fingerprint: "other", blasCore: "haswell")
    harness.tell(.trainerSaid(SlotID(0), .ready(ready)))
    #expect(harness.ending?.status == 1)
    harness.ignoreRest()
  }

  @Test("says once that its coordinator is silent, and that it is back")
  func silence() {
    var harness = SessionHarness()
    harness.work()
    harness.pass(.seconds(20))
    harness.hear(.terms(SessionHarness.terms()))
    let said = harness.effects.compactMap { if case .log(let text, _) = $0 { text } else { nil } }
    #expect(said.count { $0.contains("silent") } == 1)
    #expect(said.contains("the coordinator is back"))
  }

  @Test("stops with 0: trainers ended, outcomes waited for, goodbye said")
  func stop() throws {
    var harness = SessionHarness(slots: 2)
    harness.work()
    let (done, open) = (try harness.grant(1), try harness.grant(2))
    harness.hear(.grant(done))
    harness.hear(.grant(open))
    harness.finish(done)
    harness.tell(.stopRequested)
    #expect(harness.kills == 2)
    #expect(harness.ending == nil)
    harness.hear(.acknowledgement(Acknowledgement(attempt: done.attempt)))
    harness.pass(.milliseconds(200))
    #expect(harness.ending?.status == 0)
    #expect(harness.takeSent().last == .goodbye)
  }
}
