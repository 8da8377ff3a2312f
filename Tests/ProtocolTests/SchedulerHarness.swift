import Coordinator
import Sweep
import Testing
import VAE
import Wire

/// Drives a scheduler by hand: every record is committed when the test says so, and every message
/// that the scheduler sends must be taken, or the test fails.
struct SchedulerHarness {
  var scheduler: Scheduler
  var now: Duration = .zero
  var sent: [(peer: PeerID, envelope: Envelope<ToWorker>)] = [] {
    didSet {
      end.unread = sent.first.map { (sent.count, "\($0.envelope.message) to \($0.peer)") }
    }
  }
  var records: [Record] = []
  private(set) var lines: [LogLine] = []
  var isComplete = false
  /// What operators were told.
  var answers: [(peer: PeerID, message: ToOperator)] = []
  var written: [(offered: OfferedCheckpoint, data: [UInt8])] = []
  var deleted: [Digest] = []
  /// Pieces of blobs that were asked for.
  var pieces: [BlobRequest] = []
  private let end: HarnessEnd

  init(
    points: Int = 4, recovered: RecoveredSweep = RecoveredSweep(),
    sourceLocation: SourceLocation = #_sourceLocation,
    change: (inout SchedulerSettings) -> Void = { _ in }
  ) throws {
    end = HarnessEnd(sourceLocation)
    var settings = Sample.settings(try Sample.grid(points: points), epoch: 2)
    change(&settings)
    scheduler = Scheduler(settings: settings, recovered: recovered)
    tell(.tick)
  }

  /// What was logged.
  var log: [String] { lines.map(\.text) }

  /// Attempts on their way to the store.
  var attemptRecords: Int {
    records.count { if case .attempt = $0 { true } else { false } }
  }

  mutating func tell(_ event: SchedulerEvent) {
    for effect in scheduler.handle(event, at: now) {
      switch effect {
      case .send(let envelope, let peer): sent.append((peer, envelope))
      case .answer(let envelopes, let peer): answers += envelopes.map { (peer, $0.message) }
      case .sendPiece(let request, _, _): pieces.append(request)
      case .record(let record): records.append(record)
      case .log(let line): lines.append(line)
      case .complete: isComplete = true
      case .writeCheckpoint(let offered, let data): written.append((offered, data))
      case .deleteCheckpoint(let digest): deleted.append(digest)
      }
    }
  }

  /// Lets time pass as a loop does, a tenth of a second at a time.
  mutating func pass(_ length: Duration) {
    let end = now + length
    while now < end {
      now += .milliseconds(100)
      tell(.tick)
    }
  }

  /// A worker says something; its session has its number, and so has its peer.
  mutating func receive(
    _ message: WorkerMessage, from worker: UInt64, sequence: UInt64 = 1
  ) {
    receive(message, session: worker, at: Self.peer(worker), sequence: sequence)
  }

  mutating func receive(
    _ message: WorkerMessage, session: UInt64, at peer: PeerID, sequence: UInt64 = 1,
    by owner: KeyOwner? = nil
  ) {
    tell(
      .received(
        Envelope(message, session: SessionID(session), sequence: sequence), from: peer, by: owner))
  }

  /// Makes what is recorded durable.
  mutating func commit(_ answer: CommittedRecord.Answer = .stored) {
    let records = records
    self.records = []
    tell(.committed(records.map { CommittedRecord($0, answer) }))
  }

  /// What is still unread does not matter to this test.
  mutating func ignoreRest() { sent.removeAll() }

  /// All messages that wait for `worker`, which has now taken them.
  mutating func take(_ worker: UInt64) -> [ToWorker] {
    let own = sent.filter { $0.peer == Self.peer(worker) }.map(\.envelope.message)
    sent.removeAll { $0.peer == Self.peer(worker) }
    return own
  }

  /// The grants among what waits for `worker`; there must be nothing else.
  mutating func takeGrants(_ worker: UInt64, sourceLocation: SourceLocation = #_sourceLocation)
    -> [Grant]
  {
    take(worker).compactMap { message in
      if case .grant(let grant) = message { return grant }
      Issue.record("unexpected \(message)", sourceLocation: sourceLocation)
      return nil
    }
  }

  /// Brings a worker to where it may be given work.
  mutating func join(_ worker: UInt64, slots: Int = 1) {
    receive(.hello(Sample.hello(worker, slots: slots)), from: worker)
    receive(.ready(Ready(fingerprint: "f")), from: worker)
    commit()
    _ = take(worker)
  }

  mutating func beat(
    _ worker: UInt64, holding held: [AttemptID] = [], finished: [AttemptID] = [], credit: Int,
    sequence: UInt64 = 1, running: Bool = false
  ) {
    let none = AttemptProgress(step: 0, steps: running ? 1 : 0, epoch: 0)
    receive(
      .heartbeat(
        Heartbeat(
          held: held.map { HeldAttempt(attempt: $0, progress: none, finished: false) }
            + finished.map { HeldAttempt(attempt: $0, progress: none, finished: true) },
          credit: credit)), from: worker, sequence: sequence)
  }

  /// What a heartbeat reply that waits for `worker` says to keep.
  mutating func takeKeep(_ worker: UInt64) -> [AttemptID]? {
    for case .heartbeatReply(let reply) in take(worker) { return reply.keep }
    return nil
  }

  mutating func deliver(_ grant: Grant, from worker: UInt64) {
    receive(
      .delivery(
        Delivery(
          attempt: grant.attempt,
          outcome: Sample.outcome(of: grant.point), receipt: Sample.receipt)), from: worker)
  }

  mutating func fail(_ grant: Grant, _ reason: FailureReason, from worker: UInt64) {
    receive(
      .failure(
        FailureReport(attempt: grant.attempt, key: grant.key, reason: reason)),
      from: worker)
  }

  /// A grant that is durable and was sent to `worker`, which has room for one.
  mutating func grantOne(_ worker: UInt64) throws -> Grant {
    beat(worker, credit: 1)
    commit()
    let grants = take(worker).compactMap { if case .grant(let grant) = $0 { grant } else { nil } }
    return try #require(grants.first)
  }

  /// Joins, and holds a point that its heartbeats show under way.
  mutating func hold(_ worker: UInt64 = 1) throws -> Grant {
    join(worker)
    let grant = try grantOne(worker)
    beat(worker, holding: [grant.attempt], credit: 0, running: true)
    _ = take(worker)
    return grant
  }

  /// As `hold`, in the job of this number.
  mutating func grant(toAllocated worker: UInt64) throws -> Grant {
    var hello = Sample.hello(worker, slots: 1)
    hello.allocation = .slurm(job: Int(worker))
    receive(.hello(hello), from: worker)
    receive(.ready(Ready(fingerprint: "f")), from: worker)
    commit()
    _ = take(worker)
    let grant = try grantOne(worker)
    beat(worker, holding: [grant.attempt], credit: 0, running: true)
    _ = take(worker)
    return grant
  }

  /// The next worker on a host knows that the one before is dead; nothing is committed yet.
  mutating func succeed(_ dead: UInt64, by worker: UInt64) {
    var hello = Sample.hello(worker, slots: 1)
    hello.host = Sample.hello(dead).host
    hello.predecessors = [SessionID(dead)]
    receive(.hello(hello), from: worker)
    receive(.ready(Ready(fingerprint: "f")), from: worker)
  }

  static func peer(_ worker: UInt64) -> PeerID { PeerID([UInt8(truncatingIfNeeded: worker)]) }
}
