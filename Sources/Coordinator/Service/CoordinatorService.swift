import Dataset
package import Logging
package import Platform
import ResultStore
import Sweep
import SweepFile
package import Wire
package import ZeroMQ

/// A coordinator: one ROUTER, one scheduler, the store on a thread of its own.
///
/// Everything else happens on the thread that calls `run`.
///
/// Each turn of the loop: take all that has arrived, tell the scheduler, hand its records to the
/// store's thread, send what may be sent. Time is judged last, after a full drain.
package final class CoordinatorService {
  private enum Source: Hashable {
    case network
    case connections
    case store
    case stop
  }

  /// How long a finished coordinator waits for its workers to say goodbye.
  ///
  /// Those of its own that were asked to stop may have checkpoints to hand over.
  private static let farewell = Duration.seconds(10)
  /// How long it stays for workers that it has not met; they try to connect about every second, and
  /// say hello as soon as they have.
  private static let openHouse = Duration.seconds(3)

  private let logger: Logger
  private let stop: StopSignal
  private let storeWakeUp: WakeUp
  private let listener: CoordinatorListener
  private let storeThread: StoreThread
  private var poller = Poller<Source>()
  private var scheduler: Scheduler
  private var blobs: BlobServer
  /// What is to be sent at the end of the turn, in one frame where it is small.
  private var outgoing: [PeerID: [Envelope<ToWorker>]] = [:]
  private var desk = OperatorDesk()
  /// When an operator who watches last asked.
  private var lastWatched: Duration?
  private let extender: (any SweepExtending)?
  /// What goes to the store at the end of the turn.
  private var records: [Record] = []
  private var intake: MessageIntake
  private var isFull = false
  private var warnings = LineLimit(100, every: .seconds(10))
  /// Forty hosts may join at once; thousands of times is somebody's mischief.
  private var notes = LineLimit(1000, every: .seconds(10))
  private let checkpoints: CheckpointFolder
  /// nil where no keys are in use.
  private let joinDesk: JoinDesk?
  private let design: (any SeedDesign)?
  private let follower: (any SweepFollowing)?
  private var storeFailure: StoreError?
  private var storeIsClosed = false
  private var socket: Socket { listener.socket }
  package var endpoint: Endpoint { listener.endpoint }

  package init(
    listener: CoordinatorListener, options: CoordinatorOptions, store: sending OpenedStore,
    design: (any SeedDesign)? = nil, follower: (any SweepFollowing)? = nil,
    extender: (any SweepExtending)? = nil, extensionAsker: PeerID? = nil, stop: StopSignal,
    logger: Logger
  ) throws(SystemError) {
    self.logger = logger
    self.extender = extender
    self.design = design
    self.follower = follower
    self.stop = stop
    storeWakeUp = try WakeUp()
    self.listener = listener
    scheduler = Scheduler(settings: store.settings, recovered: store.recovered)
    checkpoints = try CheckpointFolder(
      store.checkpointFolder, keeping: store.keptCheckpoints, waking: storeWakeUp)
    blobs = try BlobServer(
      digest: store.settings.dataset, path: options.datasetFile, size: store.settings.datasetBytes,
      checkpoints: checkpoints)
    storeThread = try StoreThread(store.writer, waking: storeWakeUp)
    joinDesk =
      if let admission = listener.admission {
        try JoinDesk(admission, waking: storeWakeUp)
      } else {
        nil
      }
    intake = MessageIntake(
      listener.admission, owners: store.recovered.owners, logger: logger)
    poller.watch(listener.socket, as: .network)
    poller.watch(listener.monitor, as: .connections)
    poller.watch(storeWakeUp, as: .store)
    poller.watch(stop.wakeUp, as: .stop)
    if let extensionAsker { desk.reply(.order(OrderReply(text: standing)), to: extensionAsker) }
  }

  /// Where the sweep stands at the start.
  private var standing: String {
    let status = scheduler.status()
    let done = status.ok + status.diverged
    return "sweep \(status.sweep): \(status.points.of("point")), \(done) with their outcome, "
      + (status.failed > 0 ? "\(status.failed) failed, " : "") + cancelled(status.cancelled)
      + "\(status.missing) to be trained"
  }

  private func cancelled(_ count: Int) -> String {
    guard count > 0 else { return "" }
    let orders = scheduler.standingOrders.cancellations.joined(separator: "', '")
    return "\(count) cancelled by '\(orders)', "
  }

  /// Runs until every point is settled or a stop was asked for.
  ///
  /// - Parameters:
  ///   - stopWorkers: Asks workers that are this coordinator's own to stop with it; it then waits
  ///     a moment for what they hand back. nil where workers wait for the next coordinator.
  ///   - watch: Told the status about twice a second.
  /// - Returns: How it ended; where an operator has given it another sweep to go on with, the listener
  ///   still listens, for the coordinator that is then to be made.
  package func run(
    stopWorkers: (() -> Void)?, watch: (StatusReply) -> Void
  ) throws(CoordinatorError) -> CoordinatorEnding {
    let start = ContinuousClock.now
    var lastWatch: Duration?
    var deadline: Duration?
    var earliest: Duration?
    var trouble: String?
    if let design { perform(scheduler.handle(.unneeded(design.unneeded), at: .zero)) }
    // What holds of an earlier start would otherwise be learnt at the end.
    for line in scheduler.standingOrders.alerts { logger.warning("\(line)") }
    while true {
      try turn(at: { ContinuousClock.now - start })
      let now = ContinuousClock.now - start
      if lastWatch.map({ now - $0 >= .milliseconds(500) }) ?? true {
        lastWatch = now
        intake.tidy(scheduler)
        dismissRevoked(at: now)
        watch(status())
      }
      if let storeFailure { throw .store(storeFailure) }
      if desk.extensionAsker != nil { return try handOver(at: { ContinuousClock.now - start }) }
      // Nobody else can come to the rescue of a coordinator whose only workers are its own.
      let isStuck = stopWorkers != nil && scheduler.isStuck
      let isOver = stop.isRequested || scheduler.isFinished || isStuck
      guard isOver || deadline != nil else { continue }
      if deadline == nil {
        if isStuck { trouble = scheduler.status().alerts.joined(separator: "; ") }
        if !scheduler.isFinished {
          perform(scheduler.handle(.stopRequested, at: now))
          stopWorkers?()
        }
        let waits = scheduler.isFinished || stopWorkers != nil
        deadline = waits ? now + Self.farewell : now
        // Workers that are just seeking a coordinator are told that nothing is left, and who watches sees
        // the end.
        let isSought = stopWorkers == nil || lastWatched.map { now - $0 < Self.openHouse } ?? false
        earliest = scheduler.isFinished && isSought ? now + Self.openHouse : now
      }
      if now >= (deadline ?? now) { break }
      if scheduler.knownWorkers == 0, now >= (earliest ?? now) { break }
    }
    try drainStore(at: { ContinuousClock.now - start })
    let status = status()
    watch(status)
    for peer in desk.stopAskers {
      send([Envelope(ToOperator.order(OrderReply(text: "stopped; \(standing)")))], to: peer)
    }
    socket.close()
    return CoordinatorEnding(
      isComplete: scheduler.isFinished, failures: scheduler.failures.count,
      cancelled: scheduler.cancelled.count,
      cancellations: scheduler.standingOrders.cancellations, status: status, trouble: trouble)
  }

  /// Leaves its workers, who notice no more of it than of a restart, to the coordinator that goes on with
  /// another sweep.
  private func handOver(at now: () -> Duration) throws(CoordinatorError) -> CoordinatorEnding {
    try drainStore(at: now)
    return CoordinatorEnding(
      isComplete: false, failures: scheduler.failures.count, cancelled: scheduler.cancelled.count,
      cancellations: scheduler.standingOrders.cancellations, status: status(), trouble: nil,
      extensionAsker: desk.extensionAsker)
  }

  private func turn(at now: () -> Duration) throws(CoordinatorError) {
    var isDrained = false
    do throws(ZeroMQError) {
      let timeout: Duration = blobs.isIdle ? .milliseconds(100) : .zero
      for source in try poller.wait(timeout) {
        switch source.tag {
        case .network: break
        case .connections: try attendConnections()
        case .store: storeWakeUp.clear()
        case .stop: stop.wakeUp.clear()
        }
      }
      intake.beginTurn()
      let begin = now()
      // Bounded, so that peers that never pause cannot keep the store's answers waiting.
      var patience = 10_000
      while patience > 0, now() - begin < .milliseconds(250) {
        guard let message = try socket.receive(atMost: 1) else {
          isDrained = true
          break
        }
        patience -= max(1, handle(message, at: now()))
      }
    } catch {
      throw .network(error)
    }
    takeCheckpointReports(at: now())
    answerGuests(at: now())
    takeReports(at: now())
    // Leases are judged only when everybody has been heard: the heartbeat that renews one may be
    // the next. A flood that never ends is no reason to judge none.
    if isDrained || intake.hasHeardEveryone { perform(scheduler.handle(.tick, at: now())) }
    serveBlob()
    flush()
  }

  /// - Returns: How many messages it was.
  private func handle(_ message: Message, at now: Duration) -> Int {
    dismissRevoked(at: now)
    let verdicts = intake.judge(message, scheduler)
    for verdict in verdicts {
      switch verdict {
      case .worker(let envelope, let peer, let owner):
        perform(scheduler.handle(.received(envelope, from: peer, by: owner), at: now))
      case .operator(let request, let peer, let owner):
        answer(request, to: peer, owner, at: now)
      case .join(let request): joinDesk?.ask(request)
      case .answer(let refusal, let peer): send([Envelope(ToWorker.refusal(refusal))], to: peer)
      case .drop: break
      }
    }
    return verdicts.count
  }

  /// Does what a person's command asks for.
  private func answer(
    _ request: OperatorRequest, to peer: PeerID, _ owner: KeyOwner?, at now: Duration
  ) {
    switch request {
    case .status: desk.ask(peer)
    case .watch:
      lastWatched = now
      desk.ask(peer, watches: true)
    case .audit(let request): perform(scheduler.handle(.audit(request, from: peer), at: now))
    case .order(let request):
      do throws(SweepFileError) {
        perform(scheduler.handle(.ordered(try request.order, from: peer, by: owner), at: now))
      } catch {
        desk.refuse("\(error)", to: peer)
      }
    case .extend(let request): desk.extend(request, from: peer, by: extender)
    case .stop:
      logger.info("an operator has ordered a stop")
      desk.awaitEnd(peer)
      stop.request()
    }
  }

  /// Takes back what workers hold whose key may not work any more; what they send from here on is
  /// refused.
  private func dismissRevoked(at now: Duration) {
    for session in intake.adoptKeys() {
      perform(scheduler.handle(.dismissed(session), at: now))
    }
  }

  /// Tells whoever came with an invitation what became of it.
  private func answerGuests(at now: Duration) {
    guard let answers = joinDesk?.takeAnswers(), !answers.isEmpty else { return }
    // A worker that is told that it is in comes back at once, and is to be known by then.
    dismissRevoked(at: now)
    for answer in answers {
      if let line = answer.line { write(line) }
      if answer.isRefusal { intake.count(.invitation, 1) }
      if let (message, peer) = answer.message { send([message], to: peer) }
    }
  }

  private func attendConnections() throws(ZeroMQError) {
    intake.count(.handshake, try listener.attend())
    guard listener.isFull != isFull else { return }
    isFull = listener.isFull
    guard isFull else { return }
    let text =
      "so many are connected that files run out: raise 'ulimit -n', or keep strangers off this port"
    write(LogLine(.warning, text))
  }

  /// The scheduler's, with what was refused.
  private func status() -> StatusReply {
    var status = scheduler.status()
    var counters = intake.counters
    counters.count(.key, listener.admission?.refusals ?? 0)
    counters.count(.guess, listener.admission?.guesses ?? 0)
    counters.count(.attempt, scheduler.totals.refusedAttempts)
    counters.count(.order, scheduler.totals.misplaced)
    status.refused = counters.all
    return status
  }

  private func takeReports(at now: Duration) {
    for report in storeThread.takeReports() {
      switch report {
      case .committed(let records, let took):
        perform(scheduler.handle(.committed(records), at: now))
        follow(records, at: now)
        follower?.follow(records, took: took)
      case .stalled(let error): perform(scheduler.handle(.storeStalled("\(error)"), at: now))
      case .recovered: perform(scheduler.handle(.storeRecovered, at: now))
      case .failed(let error):
        storeFailure = error
        storeIsClosed = true
      case .closed: storeIsClosed = true
      }
    }
  }

  /// Lets the design know what has been committed.
  private func follow(_ records: [CommittedRecord], at now: Duration) {
    guard let design else { return }
    for committed in records where committed.answer == .stored {
      guard case .outcome(let outcome, _, _, _) = committed.record else { continue }
      let unneeded = design.learn(outcome)
      if !unneeded.isEmpty { perform(scheduler.handle(.unneeded(unneeded), at: now)) }
    }
  }

  private func takeCheckpointReports(at now: Duration) {
    for report in checkpoints.takeReports() {
      switch report {
      case .written(let offered): perform(scheduler.handle(.checkpointWritten(offered), at: now))
      case .refused(let offered, let reason):
        perform(scheduler.handle(.checkpointRefused(offered, reason), at: now))
      }
    }
  }

  private func perform(_ effects: [SchedulerEffect]) {
    for effect in effects {
      switch effect {
      case .send(let envelope, let peer): outgoing[peer, default: []].append(envelope)
      case .answer(let envelopes, let peer): send(envelopes, to: peer)
      case .sendPiece(let request, let session, let peer):
        blobs.enqueue(request, of: session, at: peer)
      case .record(let record): records.append(record)
      case .writeCheckpoint(let offered, let data): checkpoints.write(offered, data)
      case .deleteCheckpoint(let digest): checkpoints.delete(digest)
      case .log(let line): write(line)
      case .complete: logger.info("the sweep is complete")
      }
    }
  }

  /// What peers provoke must not fill a disk with warnings.
  private func write(_ line: LogLine) {
    let subject = line.subject.fields.mapValues { Logger.MetadataValue.string($0) }
    switch line.level {
    case .error: logger.error("\(line.text)", metadata: subject)
    case .attempt: logger.info("\(line.text)", metadata: subject)
    case .info:
      guard let text = notes.line(line.text, at: ContinuousClock.now) else { return }
      logger.info("\(text)", metadata: subject)
    case .warning:
      guard let text = warnings.line(line.text, at: ContinuousClock.now) else { return }
      logger.warning("\(text)", metadata: subject)
    }
  }

  private func send<Message: Channel>(_ messages: [Envelope<Message>], to peer: PeerID) {
    guard let routing = RoutingID(peer.bytes) else { return }
    do {
      for frame in try Frame.encode(all: messages) {
        // A peer that is gone or does not read loses the message; heartbeats heal that.
        _ = try socket.send([frame], to: routing)
      }
    } catch {
      logger.error("\(error)")
    }
  }

  /// Hands over what the turn gave rise to: records to the store, messages to the network.
  private func flush() {
    storeThread.submit(records)
    records.removeAll(keepingCapacity: true)
    for (peer, messages) in outgoing { send(messages, to: peer) }
    outgoing.removeAll(keepingCapacity: true)
    for (message, peer) in desk.take(status, completing: { follower?.complete(&$0) }) {
      send([Envelope(message)], to: peer)
    }
  }

  private func serveBlob() {
    do throws(DatasetError) {
      guard let (envelope, peer) = try blobs.next() else { return }
      outgoing[peer, default: []].append(envelope)
    } catch {
      logger.error("\(error)")
    }
  }

  /// Waits for everything handed to the store, and tells the workers what became of it.
  private func drainStore(at now: () -> Duration) throws(CoordinatorError) {
    flush()
    storeThread.close()
    while !storeIsClosed {
      do throws(ZeroMQError) {
        _ = try poller.wait(.milliseconds(100))
      } catch {
        throw .network(error)
      }
      storeWakeUp.clear()
      takeReports(at: now())
      flush()
    }
    if let storeFailure { throw .store(storeFailure) }
  }
}
