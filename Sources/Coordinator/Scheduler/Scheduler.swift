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
  var hungry: [SessionID] = []
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
  /// By name; only those on which something happened.
  var hosts: [String: HostState]
  /// How many of them are drained.
  var drained: Int
  /// Of the points that have no outcome.
  var checkpoints: [Int: StoredCheckpoint]
  var intake = BlobIntake<OfferedCheckpoint>()
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
    hosts = Self.recoveredHosts(recovered, settings.probation)
    drained = recovered.drained.count
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
    case .received(let message, let peer): receive(message, from: peer)
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
      if isAnyHostDrained { mayAssign = true }
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

  private mutating func receive(_ message: WireMessage, from peer: PeerID) {
    switch message {
    case .hello(let hello): greet(hello, from: peer)
    case .ready(let ready): admit(ready, from: peer)
    case .heartbeat(let heartbeat): renew(heartbeat, from: peer)
    case .delivery(let delivery): deliver(delivery, from: peer)
    case .failure(let report): fail(report, from: peer)
    case .handback(let handback): takeBack(handback, from: peer)
    case .checkpointOffer(let offer): consider(offer, from: peer)
    case .blobChunk(let chunk):
      if intake.isPulling(chunk) { takePiece(chunk, from: peer) } else { take(chunk, from: peer) }
    case .goodbye(let goodbye): dismiss(goodbye.session)
    case .statusRequest: send(.statusReply(status()), to: peer)
    // What a coordinator or a trainer says is not for a coordinator to hear.
    default: break
    }
  }

  private mutating func apply(_ committed: CommittedRecord) {
    switch committed.record {
    case .worker: break
    case .attempt(let id, _, let key, let point, _): grant(id, key: key, point: point)
    case .outcome(let outcome, let receipt, let id, let session):
      settle(outcome, of: id, from: session, committed.answer)
      expectPictures(
        of: outcome, receipt.fingerprint, attempt: id, from: session, committed.answer)
    case .artifact(let artifact, let key, let id, let session, _):
      keep(artifact, of: key, attempt: id, from: session, committed.answer)
    case .failure(let id, _, let reason): lose(id, reason)
    case .release(let id): handBack(id)
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
    for (session, worker) in workers {
      send(.finish(Finish(session: session)), to: worker.peer)
    }
    effects.append(.complete)
  }

  /// Whether some attempt that is not settled works on this position.
  func isHeld(_ index: Int) -> Bool {
    attempts.contains(index: index) || orphans.contains(index: index)
  }

  mutating func key(of point: Point) -> PointKey { keys.key(of: point) }

  mutating func send(_ message: WireMessage, to peer: PeerID) {
    effects.append(.send(message, to: peer))
  }

  mutating func log(_ level: LogLine.Level, _ text: String) {
    effects.append(.log(LogLine(level, text)))
  }
}
