import Wire
import Worker
import ZeroMQ

/// A worker whose trainers take no time: the real session on a real DEALER.
struct NoOpWorker {
  let socket: Socket
  private var session: AgentSession
  private var outgoing: [Envelope<WorkerMessage>] = []
  /// Events that an effect gave rise to.
  private var pending: [AgentEvent] = []
  /// Outcomes that the coordinator has acknowledged, which is after their commit.
  private(set) var acknowledged = 0
  /// A heartbeat of this session was answered: the coordinator has admitted it.
  private(set) var isRegistered = false
  /// Terms beyond the first: the coordinator had given this session up.
  private(set) var missedLeases = -1
  /// Why the session ended, where it did.
  private(set) var ending: String?

  init(slots: Int, endpoint: Endpoint, in context: Context) throws(ZeroMQError) {
    session = AgentSession(
      settings: AgentSettings(
        session: SessionID(.random(in: 1...UInt64.max)), hello: DispatchSweep.hello(slots: slots),
        wait: .seconds(120), stay: false))
    socket = try Socket(.dealer, in: context)
    try socket.setImmediate(true)
    try socket.setSendHighWaterMark(0)
    try socket.setReceiveHighWaterMark(0)
    try socket.setMaxFrameSize(Frame.largest)
    try socket.setReconnectInterval(.milliseconds(100), longest: .seconds(2))
    try socket.connect(endpoint)
  }

  /// Takes everything that has arrived, and lets time pass.
  mutating func attend(at now: Duration) throws {
    while let message = try socket.receive(atMost: 1) {
      guard let frame = message.frames.first else { continue }
      for envelope in try Frame.decode(frame, as: ToWorker.self) {
        switch envelope.message {
        case .acknowledgement: acknowledged += 1
        case .heartbeatReply: isRegistered = true
        case .terms: missedLeases += 1
        case .refusal, .grant, .recall, .checkpointReply, .artifactSettled, .blobRequest,
          .blobChunk, .finish, .joinReply:
          break
        }
        try tell(.received(envelope), at: now)
      }
    }
    try tell(.tick, at: now)
    let envelopes = outgoing.map { $0.with(ToCoordinator.worker($0.message)) }
    for frame in try Frame.encode(all: envelopes) { _ = try socket.send([frame]) }
    outgoing.removeAll(keepingCapacity: true)
  }

  private mutating func tell(_ event: AgentEvent, at now: Duration) throws {
    var next: AgentEvent? = event
    while let event = next {
      for effect in session.handle(event, at: now) { try perform(effect) }
      next = pending.popLast()
    }
  }

  private mutating func perform(_ effect: AgentEffect) throws {
    switch effect {
    case .send(let message): outgoing.append(message)
    case .findDataset: pending.append(.datasetFound(path: "/dev/null"))
    case .startTrainer(let slot, let core):
      let ready = TrainerReady(fingerprint: DispatchSweep.fingerprint, blasCore: core)
      pending.append(.trainerSaid(slot, .ready(ready)))
    case .order(let slot, let order):
      let outcome = DispatchSweep.outcome(of: order.point, key: order.key)
      pending.append(
        .trainerSaid(
          slot,
          .outcome(TrainerOutcome(outcome: outcome, receipt: DispatchSweep.receipt))))
    case .killTrainer(let slot): pending.append(.trainerEnded(slot, .signal(9)))
    case .end(_, let message): ending = message ?? "its session ended"
    default: break
    }
  }
}
