package import Dataset
internal import Glibc
package import Logging
package import Platform
import Sweep
import Wire
package import ZeroMQ

/// How a worker is started.
package struct AgentOptions: Sendable {
  package var endpoint: Endpoint
  package var settings: AgentSettings
  /// This program, to be started again as trainer processes.
  package var binary: String
  package var folders: DataFolders
  /// nil where no keys are in use.
  package var keys: WorkerKeys?
  /// What outlives this process; nil: nothing does.
  package var state: StateFolder?
  /// When this process is ended from outside; nil where nobody has said so.
  package var end: ContinuousClock.Instant?
  /// The CPU of each trainer, in the order of their slots; empty where none is kept to one.
  package var cpus: [Int] = []

  package init(
    endpoint: Endpoint, settings: AgentSettings, binary: String, folders: DataFolders,
    keys: WorkerKeys? = nil, state: StateFolder? = nil
  ) {
    self.state = state
    self.endpoint = endpoint
    self.settings = settings
    self.binary = binary
    self.folders = folders
    self.keys = keys
  }
}

/// A worker process: one DEALER, one session, its trainer processes.
///
/// Everything happens on the thread that calls `run`.
package final class AgentService {
  enum Source: Hashable {
    case network
    case connection
    case probe
    case wakeUp
    case trainer(SlotID)
  }

  let options: AgentOptions
  let logger: Logger
  /// When the session's clock was at zero.
  private let start: ContinuousClock.Instant
  private let stop: StopSignal
  private let connection: CoordinatorConnection
  var poller = Poller<Source>()
  var session: AgentSession
  var trainers: [SlotID: TrainerProcess] = [:]
  var receiver: DatasetReceiver?
  /// What trainers are given at their start.
  var dataset: SharedDataset?
  private var outbox: Outbox?
  private var checkpointFiles: CheckpointFiles?
  private var ending: AgentEnding?
  /// When the trainers' use of the CPU was last looked at.
  var lastMeasured: Duration = .zero
  /// When something was last complained about.
  private var lastComplaint: ContinuousClock.Instant?
  /// What is to be sent at the end of the turn, in one frame where it is small.
  private var outgoing: [Envelope<WorkerMessage>] = []
  /// Events that an effect gave rise to.
  var pending: [AgentEvent] = []

  package init(options: AgentOptions, stop: StopSignal, logger: Logger) throws(ZeroMQError) {
    self.options = options
    self.logger = logger
    self.stop = stop
    let start = ContinuousClock.now
    self.start = start
    var settings = options.settings
    settings.timeLimit = options.end.map { EndOfTime($0 - start) }
    session = AgentSession(settings: settings)
    connection = try CoordinatorConnection(options.endpoint, keys: options.keys, logger: logger)
    poller.watch(connection.socket, as: .network)
    poller.watch(connection.monitor, as: .connection)
    poller.watch(stop.wakeUp, as: .wakeUp)
    poller.watch(connection.probe.wakeUp, as: .probe)
  }

  /// Runs until the sweep is complete, the wait is over, or a stop was asked for.
  package func run() throws(ZeroMQError) -> AgentEnding {
    // A trainer that has just died must not take the worker with it.
    signal(SIGPIPE, SIG_IGN)
    let start = start
    var stopHandled = false
    func tell(_ event: AgentEvent) {
      var events = [event]
      while let next = events.first {
        events.removeFirst()
        for effect in session.handle(next, at: ContinuousClock.now - start) { perform(effect) }
        events += pending
        pending.removeAll()
      }
    }
    tell(.tick)
    flush()
    while ending == nil {
      let ready = try poller.wait(session.patience)
      for source in ready {
        switch source.tag {
        case .network, .connection, .probe: break
        case .wakeUp: stop.wakeUp.clear()
        case .trainer(let slot): for event in hear(slot) { tell(event) }
        }
      }
      let events = try connection.attend(at: ContinuousClock.now - start)
      if events.contains(.handshakeSucceeded) { tell(.connected) }
      // Bounded, so that a coordinator that never pauses cannot keep the heartbeat waiting.
      for _ in 0..<1000 {
        guard let message = try connection.socket.receive(atMost: 1) else { break }
        for event in decode(message) { tell(event) }
      }
      if stop.isRequested, !stopHandled {
        stopHandled = true
        tell(.stopRequested)
      }
      measureTrainers(at: ContinuousClock.now - start, tell)
      tell(.tick)
      flush()
    }
    trainers.removeAll()
    connection.socket.close()
    // Waits until what was not acknowledged is on the disk.
    outbox = nil
    return ending ?? AgentEnding(status: 1, message: nil)
  }

  private func perform(_ effect: AgentEffect) {
    switch effect {
    case .send(let message): outgoing.append(message)
    case .findDataset(let digest): findDataset(digest)
    case .store(let chunk): store(chunk)
    case .startTrainer(let slot, let core): startTrainer(slot, core)
    case .order(let slot, let order):
      do {
        try trainers[slot]?.send(.order(order))
      } catch {
        logger.error("\(error)")
        trainers[slot]?.killNow()
      }
    case .killTrainer(let slot): trainers[slot]?.killNow()
    case .stopTrainer(let slot):
      do {
        try trainers[slot]?.send(.checkpointRequest)
      } catch {
        trainers[slot]?.killNow()
      }
    case .sendPiece(let request, let path, let size): sendPiece(request, path, size)
    case .storeCheckpoint(let key, let reference, let chunk):
      if let fetched = checkpointFiles?.receive(chunk, of: key, reference) {
        pending.append(.checkpointFetched(key, fetched))
      }
    case .removeCheckpoint(let path): unlink(path)
    case .openOutbox(let store): openOutbox(store)
    case .keep(let report): keep(report)
    case .forget(let attempt): outbox?.change(.forget(attempt))
    case .log(let text, let subject):
      logger.info("\(text)", metadata: subject.fields.mapValues { .string($0) })
    case .end(let status, let message):
      let trouble = status == 0 ? nil : connection.trouble
      ending = AgentEnding(
        status: status,
        message: message.map { [$0, trouble].compactMap(\.self).joined(separator: "; ") })
    }
  }

  /// Puts a report on the disk, if it can be said at all.
  private func keep(_ report: AttemptReport) {
    do throws(WireError) {
      _ = try Frame.encode(ToCoordinator.worker(report.message))
      outbox?.change(.keep(report))
    } catch {
      pending.append(.reportRefused(report.attempt, "\(error)"))
    }
  }

  private func openOutbox(_ store: UInt64) {
    outbox = nil
    guard let state = options.state else { return }
    let logger = logger
    do {
      let opened = try Outbox(state, store: store) { logger.warning("\($0)") }
      if !opened.leftOver.isEmpty { pending.append(.outboxFound(opened.leftOver)) }
      outbox = opened
      let files = CheckpointFiles(folders: try state.folders(ofStore: store))
      checkpointFiles = files
      if let folder = files.folders.first {
        let found = files.found { logger.warning("\($0)") }
        pending.append(.checkpointsFound(folder: folder, found))
      }
    } catch {
      logger.warning("\(error): results that are not acknowledged are kept in memory only")
    }
  }

  private func sendPiece(_ request: BlobRequest, _ path: String, _ size: Int) {
    do throws(DatasetError) {
      let data = try readChunk(
        file: path, offset: request.offset,
        length: max(0, min(request.length, BlobChunk.largest, size - request.offset)))
      // Between two messages of the session: it takes no number of its own.
      outgoing.append(
        Envelope(
          .blobChunk(
            BlobChunk(digest: request.digest, offset: request.offset, size: size, data: data)),
          session: options.settings.session))
    } catch {
      // The coordinator asks again and then gives it up.
      logger.warning("\(error)")
    }
  }

  private func flush() {
    let envelopes = outgoing.map { $0.with(ToCoordinator.worker($0.message)) }
    outgoing.removeAll(keepingCapacity: true)
    do {
      try send(envelopes)
    } catch {
      // One message that cannot be encoded must not take the others with it.
      for envelope in envelopes {
        do { try send([envelope]) } catch { complain("cannot send a message: \(error)") }
      }
    }
  }

  private func send(_ envelopes: [Envelope<ToCoordinator>]) throws {
    for frame in try Frame.encode(all: envelopes) {
      // What cannot be sent now is said again by the session when it matters.
      _ = try connection.socket.send([frame])
    }
  }

  private func decode(_ message: Message) -> [AgentEvent] {
    guard message.droppedFrames == 0, let frame = message.frames.first else {
      complain("dropped a message of \(message.droppedFrames + 1) frames")
      return []
    }
    do throws(WireError) {
      return try Frame.decode(frame, as: ToWorker.self).map { .received($0) }
    } catch {
      if case .version = error {
        ending = AgentEnding(status: 1, message: "the coordinator is another version: \(error)")
      } else {
        complain("dropped a message: \(error)")
      }
      return []
    }
  }

  /// At most a line a second: whoever sends garbage must not fill a disk with it.
  private func complain(_ text: String) {
    let now = ContinuousClock.now
    guard lastComplaint.map({ now - $0 >= .seconds(1) }) ?? true else { return }
    lastComplaint = now
    logger.warning("\(text)")
  }
}
