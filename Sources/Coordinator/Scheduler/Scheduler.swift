import Sweep
import Wire

/// Decides who trains what: a pure state machine, `(state, event, now) → effects`.
///
/// Three rules carry it:
/// - An attempt is recorded before it is granted, and an outcome is committed before it is
///   acknowledged: both wait for their `.committed` event.
/// - Heartbeats alone carry leases. Each names every attempt its worker holds; the reply names
///   those that should be held. A lost or doubled message heals with the next one.
/// - The first committed outcome of any granted attempt wins, however late.
package struct Scheduler: Sendable {
  package let settings: SchedulerSettings
  var clock: AttendedClock
  var queue: WorkQueue
  var workers: [SessionID: WorkerState] = [:]
  var attempts = AttemptTable()
  /// Attempts of an earlier epoch that may still be claimed, until `graceEnd`.
  var orphans: OrphanTable
  let graceEnd: Duration
  var nextJudgement: Duration = .zero
  /// Time in which something was being trained.
  var busy: Duration = .zero
  /// Lost attempts per position.
  var losses: [Int: Int]
  var failed: [Int: String]
  /// Positions that need not be trained.
  var unneeded = PositionSet()
  /// Those of them that nobody works on: they are not counted.
  var leftOut = PositionSet()
  /// Outcomes on their way to the store whose attempt is not in memory.
  var lateOutcomes: Set<AttemptID> = []
  /// Workers with room, in the order they asked; some may have been served or have left since.
  var idleWorkers: [SessionID] = []
  /// Whether anything has happened since the last assignment that could make another.
  var mayAssign = false
  /// Attempts on their way to the store, not granted yet.
  var recording = 0
  /// Slots of all admitted workers, as last counted.
  var slots = 0
  private var keys: KeyMaker
  var pictures = PictureLedger()
  package internal(set) var totals: SchedulerTotals
  /// Why the store takes nothing at present; nothing is granted meanwhile.
  var storeTrouble: String?
  var lastComplaint: Duration?
  /// The last session that each peer said hello as, of those in `introduced`.
  var introductions: [PeerID: SessionID] = [:]
  /// Hellos of late, oldest first.
  var introduced: [(session: SessionID, peer: PeerID)] = []
  var health: HostHealth
  /// Of the points that have no outcome.
  var checkpoints: [Int: StoredCheckpoint]
  var intake = BlobIntake()
  /// Checkpoints on their way to the disk and on record.
  var writing: Set<OfferedCheckpoint> = []
  var lastCounter: UInt64 = 0
  var isComplete = false
  var isStopping = false
  var effects: [SchedulerEffect] = []

  package init(settings: SchedulerSettings, recovered: RecoveredSweep = RecoveredSweep()) {
    self.settings = settings
    clock = AttendedClock(longestStep: settings.heartbeat)
    orphans = OrphanTable(recovered.open, holders: recovered.holders)
    keys = KeyMaker(dataset: settings.dataset, trainerVersion: settings.trainerVersion)
    graceEnd = settings.grace
    losses = recovered.losses
    failed = recovered.failed
    checkpoints = recovered.checkpoints
    health = HostHealth(
      firstSeconds: settings.firstSeconds, probation: settings.probation,
      proven: recovered.provenHosts, drained: recovered.drained)
    var skipped = recovered.finished
    for index in recovered.failed.keys { skipped.insert(index) }
    for index in recovered.open.values { skipped.insert(index) }
    queue = WorkQueue(grid: settings.grid, skipping: skipped)
    totals = SchedulerTotals(
      points: settings.grid.count().points, ok: recovered.ok, diverged: recovered.diverged)
    beginPictures(recovered)
  }

  /// Takes one event at a reading of the monotonic clock and says what is to be done.
  package mutating func handle(_ event: SchedulerEvent, at now: Duration) -> [SchedulerEffect] {
    switch event {
    case .received(let envelope, let peer):
      receive(envelope.message, Origin(envelope.session, envelope.sequence, peer))
    case .dismissed(let session): dismiss(session)
    case .committed(let records): for record in records { apply(record) }
    case .unneeded(let positions): leaveOut(positions)
    case .stopRequested: isStopping = true
    case .storeStalled(let reason): storeStalled(reason)
    case .storeRecovered: storeRecovered()
    case .checkpointWritten(let offered): checkpointWritten(offered)
    case .checkpointRefused(let offered, let reason): checkpointRefused(offered, reason)
    case .tick:
      let before = clock.elapsed
      clock.advance(to: now)
      if !attempts.isEmpty { busy += clock.elapsed - before }
      judgeLeases()
      requestBlobs()
      if health.isAnyDrained { mayAssign = true }
    }
    assign()
    checkCompletion()
    defer { effects.removeAll(keepingCapacity: true) }
    return effects
  }

  /// Whether every point that is needed has an outcome, with its pictures, or is failed.
  package var isFinished: Bool { isComplete }

  /// Positions that are failed, with the reason of each.
  package var failures: [Int: String] { failed }

  /// Positions whose pictures are given up, with the reason of each.
  package var givenUpPictures: [Int: String] { pictures.givenUp }

  /// Sessions that said hello and have not said goodbye.
  package var knownWorkers: Int { workers.count }

  private mutating func receive(_ message: WorkerMessage, _ origin: Origin) {
    switch message {
    case .hello(let hello): answerHello(hello, origin)
    case .ready(let ready): admit(ready, origin)
    case .heartbeat(let heartbeat): renew(heartbeat, origin)
    case .delivery(let delivery): takeOutcome(delivery, origin)
    case .failure(let report): takeFailure(report, origin)
    case .handback(let handback): takeBack(handback, origin)
    case .checkpointOffer(let offer): consider(offer, origin)
    case .blobRequest(let request):
      guard known(origin) != nil else { return }
      effects.append(.sendPiece(request, session: origin.session, to: origin.peer))
    case .blobChunk(let chunk): receive(chunk, origin)
    case .goodbye: dismiss(origin.session)
    }
  }

  private mutating func apply(_ committed: CommittedRecord) {
    switch committed.record {
    case .worker: break
    case .attempt(let id, _, let key, let point, _): attemptRecorded(id, key: key, point: point)
    case .outcome(let outcome, let receipt, let id, let session):
      outcomeRecorded(outcome, of: id, from: session, committed.answer)
      expectPictures(
        of: outcome, receipt.fingerprint, attempt: id, from: session, committed.answer)
    case .artifact(let artifact, let key, let id, let session, _):
      artifactRecorded(artifact, of: key, attempt: id, from: session, committed.answer)
    case .failure(let id, _, let reason): failureRecorded(id, reason)
    case .release(let id): releaseRecorded(id)
    case .drain: break
    case .checkpoint(let id, let key, let reference):
      checkpointRecorded(id, key, reference, committed.answer)
    }
  }

  private mutating func checkCompletion() {
    guard !isComplete, attempts.isEmpty, orphans.isEmpty, lateOutcomes.isEmpty, !queue.hasNext(),
      pictures.isSettled
    else { return }
    isComplete = true
    for worker in workers.values { send(.finish, to: worker) }
    effects.append(.complete)
  }

  /// Whether some attempt that is not settled works on this position.
  func isHeld(_ index: Int) -> Bool {
    attempts.contains(index: index) || orphans.contains(index: index)
  }

  mutating func key(of point: Point) -> PointKey { keys.key(of: point) }

  /// Answers what has just come.
  mutating func send(_ message: ToWorker, to origin: Origin) {
    effects.append(
      .send(
        Envelope(message, session: origin.session, sequence: origin.sequence), to: origin.peer))
  }

  mutating func send(_ message: ToWorker, to worker: WorkerState, answering sequence: UInt64 = 0) {
    effects.append(
      .send(Envelope(message, session: worker.session, sequence: sequence), to: worker.peer))
  }

  mutating func log(_ level: LogLine.Level, _ text: String) {
    effects.append(.log(LogLine(level, text)))
  }
}
