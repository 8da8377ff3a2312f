package import Sweep
import Wire

/// Decides who trains what: a pure state machine, `(state, event, now) → effects`.
///
/// Three rules carry it:
/// - An attempt is recorded before it is granted, and an outcome is committed before it is
///   acknowledged: both wait for their `.committed` event.
/// - Heartbeats alone carry leases. Each names every attempt its worker holds; the reply names
///   those that should be held. A lost or doubled message heals with the next one.
/// - The first committed outcome of any granted attempt wins, however late.
///
/// Its state is that of the machines it is composed of; an extension for each subject carries what one of
/// them says to the others.
package struct Scheduler: Sendable {
  enum Standing: Hashable, Sendable {
    case running
    /// Nothing more is granted.
    case stopping
    /// Every point that is needed has an outcome or is failed.
    case complete
  }

  package let settings: SchedulerSettings
  var standing = Standing.running
  var time: SchedulerTime
  /// What becomes of each position of the grid.
  var points: PointBook
  /// What is handed out.
  var attempts: AttemptsInFlight
  /// Who is here, and who waits for work.
  var roster = WorkerRoster()
  var health: HostHealth
  var allocationLosses = AllocationLosses()
  /// What operators have ordered and not taken back.
  var orders: StandingOrders
  var artifactLedger = ArtifactLedger()
  var audits = AuditLedger()
  var checkpoints: CheckpointExchange
  /// Blobs that workers are asked for.
  var intake = BlobIntake()
  package internal(set) var work = WorkDone()
  package internal(set) var totals: SchedulerTotals
  /// Why the store takes nothing at present; nothing is granted meanwhile.
  var storeTrouble: String?
  /// Whether anything has happened since the last assignment that could make another.
  var mayAssign = false
  var out = SchedulerOutput()

  package init(settings: SchedulerSettings, recovered: RecoveredSweep = RecoveredSweep()) {
    self.settings = settings
    time = SchedulerTime(heartbeat: settings.heartbeat, grace: settings.grace)
    points = PointBook(settings, recovered)
    attempts = AttemptsInFlight(settings, recovered)
    checkpoints = CheckpointExchange(stored: recovered.checkpoints)
    health = HostHealth(
      firstSeconds: settings.firstSeconds, probation: settings.probation,
      proven: recovered.provenHosts, drained: recovered.drained)
    orders = StandingOrders(recovered.orders)
    totals = SchedulerTotals(ok: recovered.ok, diverged: recovered.diverged)
    beginArtifacts(recovered)
    for (index, checkpoint) in recovered.checkpoints where !points.isGivenUp(index) {
      guard let point = settings.grid.point(at: index),
        let steps = point.configuration.steps(of: settings.trainImages)
      else { continue }
      work.noteCheckpoint(of: index, at: checkpoint.reference.step, of: steps)
    }
  }

  /// Takes one event at a reading of the monotonic clock and says what is to be done.
  package mutating func handle(_ event: SchedulerEvent, at now: Duration) -> [SchedulerEffect] {
    switch event {
    case .received(let envelope, let peer, let owner):
      receive(envelope.message, Origin(envelope.session, envelope.sequence, peer, owner))
    case .audit(let request, let peer): answerAudit(request, to: peer)
    case .dismissed(let session): dismiss(session)
    case .committed(let records): for record in records { apply(record) }
    case .unneeded(let positions): leaveOut(positions)
    case .ordered(let order, let peer, let owner): takeOrder(order, from: peer, by: owner)
    case .stopRequested: if !isComplete { standing = .stopping }
    case .storeStalled(let reason): storeStalled(reason)
    case .storeRecovered: storeRecovered()
    case .checkpointWritten(let offered): checkpointWritten(offered)
    case .checkpointRefused(let offered, let reason): checkpointRefused(offered, reason)
    case .tick:
      time.advance(to: now, isTraining: !attempts.isEmpty)
      judgeLeases()
      requestBlobs()
      if health.isAnyDrained { mayAssign = true }
    }
    assign()
    checkCompletion()
    return out.take()
  }

  /// Whether every point that is needed has an outcome, with its artifacts, or is failed.
  package var isFinished: Bool { isComplete }

  var isComplete: Bool { standing == .complete }

  /// Positions that are failed, with the reason of each.
  package var failures: [Int: String] { points.failed }

  /// What operators have ordered and not taken back.
  package var standingOrders: StandingOrders { orders }

  /// Positions without an outcome that operators have cancelled.
  package var cancelled: PositionSet { points.cancelled }

  /// Positions whose artifacts are given up, with the reason of each.
  package var givenUpArtifacts: [Int: String] { artifactLedger.givenUp }

  /// Sessions that said hello and have not said goodbye.
  package var knownWorkers: Int { roster.count }

  private mutating func receive(_ message: WorkerMessage, _ origin: Origin) {
    switch message {
    case .hello(let hello): answerHello(hello, origin)
    case .ready(let ready): admit(ready, origin)
    case .heartbeat(let heartbeat): renew(heartbeat, origin)
    case .delivery(let delivery): receiveOutcome(delivery, origin)
    case .failure(let report): receiveFailure(report, origin)
    case .handback(let handback): takeBack(handback, origin)
    case .checkpointOffer(let offer): consider(offer, origin)
    case .blobRequest(let request):
      guard known(origin) != nil else { return }
      out.add(.sendPiece(request, session: origin.session, to: origin.peer))
    case .blobChunk(let chunk): receive(chunk, origin)
    case .goodbye: dismiss(origin.session)
    }
  }

  private mutating func apply(_ committed: CommittedRecord) {
    switch committed.record {
    case .worker: break
    case .attempt(let id, _, let key, let point, _): attemptRecorded(id, key: key, point: point)
    case .outcome(let outcome, let receipt, let id, let session):
      if case .audited = committed.answer {
        auditRecorded(outcome, receipt, of: id, from: session)
      }
      outcomeRecorded(outcome, of: id, from: session, committed.answer)
      expectArtifacts(
        of: outcome, receipt.fingerprint, attempt: id, from: session, committed.answer)
    case .artifact(let artifact, let key, let id, let session, _):
      artifactRecorded(artifact, of: key, attempt: id, from: session, committed.answer)
    case .failure(let id, _, let reason): failureRecorded(id, reason)
    case .release(let id): releaseRecorded(id)
    case .drain: break
    case .order(let order, _, let peer, let reopened):
      orderRecorded(order, from: peer, reopened)
    case .checkpoint(let id, let key, let reference):
      checkpointRecorded(id, key, reference, committed.answer)
    }
  }

  private mutating func checkCompletion() {
    guard !isComplete else { return }
    guard attempts.isSettled, !points.hasNext(), artifactLedger.isSettled else {
      return audits.endRest()
    }
    guard standing == .stopping || isRestOver() else { return }
    standing = .complete
    for worker in roster.sorted { send(.finish, to: worker) }
    out.add(.complete)
  }

  /// Whether no audit is under way, and none has come for as long as the coordinator is to stay.
  private mutating func isRestOver() -> Bool {
    switch audits.rest(for: settings.linger, at: time.now) {
    case .over: return true
    case .going: return false
    case .begun:
      log(
        .info,
        "nothing is left to train; this coordinator stays \(settings.linger.inWords) for audits")
      return false
    }
  }

  /// Answers what has just come.
  mutating func send(_ message: ToWorker, to origin: Origin) {
    out.add(
      .send(
        Envelope(message, session: origin.session, sequence: origin.sequence), to: origin.peer))
  }

  mutating func send(_ message: ToWorker, to worker: WorkerState, answering sequence: UInt64 = 0) {
    out.add(
      .send(Envelope(message, session: worker.session, sequence: sequence), to: worker.peer))
  }

  /// Tells an operator.
  mutating func answer(_ messages: [ToOperator], to peer: PeerID) {
    out.add(.answer(messages.map { Envelope($0) }, to: peer))
  }

  mutating func log(
    _ level: LogLine.Level, _ text: String, about subject: LogSubject = LogSubject()
  ) {
    out.log(level, text, about: subject)
  }

  /// Logs what a peer caused: seldom, so that nobody can fill a disk with it.
  mutating func complain(_ text: String, about subject: LogSubject = LogSubject()) {
    out.complain(text, about: subject, at: time.now)
  }

  /// Logs what becomes of an attempt, where that was asked for.
  mutating func note(_ text: @autoclosure () -> String, of id: AttemptID, _ attempt: AttemptState) {
    guard settings.logsAttempts else { return }
    log(.attempt, text(), about: subject(of: id, attempt))
  }

  /// What a line about an attempt is about.
  func subject(of id: AttemptID, _ attempt: AttemptState) -> LogSubject {
    var subject = roster[attempt.session]?.subject ?? LogSubject(worker: attempt.lostWorker)
    subject.point = attempt.key
    subject.attempt = id
    return subject
  }

  /// What a line about something that a worker brought is about.
  func subject(of id: AttemptID, key: PointKey, from session: SessionID) -> LogSubject {
    var subject = roster[session]?.subject ?? LogSubject()
    subject.point = key
    subject.attempt = id
    return subject
  }
}
