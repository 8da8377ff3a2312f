import Sweep
import Wire
import ZeroMQ

/// Asks something of a coordinator, as its operator.
struct OperatorQuery {
  private enum Source: Hashable {
    case network
    case connection
  }

  let endpoint: Endpoint
  /// nil where no keys are in use.
  let keys: (own: CurveKeyPair, server: CurvePublicKey)?
  /// The command that approves the own key where the coordinator runs.
  let approval: String?
  /// How long an answer may take.
  private let patience: Duration

  init(
    _ endpoint: Endpoint, keys: (own: CurveKeyPair, server: CurvePublicKey)?, approval: String?,
    patience: Duration
  ) {
    self.patience = patience
    self.endpoint = endpoint
    self.keys = keys
    self.approval = approval
  }

  /// How the sweep stands.
  func status() throws(CommandError) -> StatusReply {
    switch try ask(.status) {
    case .status(let reply): return reply
    case .refusal, .order: throw .failure("\(endpoint) did not answer like a coordinator")
    }
  }

  /// Carries something out.
  ///
  /// - Returns: What became of it, in one line.
  func order(_ request: OperatorRequest) throws(CommandError) -> String {
    switch try ask(request) {
    case .order(let reply): return reply.text
    case .refusal, .status: throw .failure("\(endpoint) did not answer like a coordinator")
    }
  }

  /// - Throws: Where it is refused, too.
  private func ask(_ request: OperatorRequest) throws(CommandError) -> ToOperator {
    do {
      let context = try Context()
      let socket = try Socket(.dealer, in: context)
      try socket.setMaxFrameSize(Frame.largest)
      if let keys { try socket.useCurve(keys.own, server: keys.server) }
      let monitor = try ConnectionMonitor(of: socket, in: context)
      try socket.connect(endpoint)
      _ = try socket.send([try Frame.encode(ToCoordinator.operator(request))])
      return try answer(socket, monitor)
    } catch let error as CommandError {
      throw error
    } catch {
      throw .failure("\(error)")
    }
  }

  private func answer(_ socket: Socket, _ monitor: ConnectionMonitor) throws -> ToOperator {
    var poller = Poller<Source>()
    poller.watch(socket, as: .network)
    poller.watch(monitor, as: .connection)
    let end = ContinuousClock.now + patience
    var cutOffs = 0
    while ContinuousClock.now < end {
      _ = try poller.wait(end - ContinuousClock.now)
      while let event = try monitor.next() {
        guard case .handshakeFailed(let failure) = event else { continue }
        if failure == .cutOff {
          cutOffs += 1
          // One alone may be a coordinator that ends or starts.
          guard cutOffs >= 2 else { continue }
        }
        throw CommandError.failure(reason(failure))
      }
      guard let message = try socket.receive(atMost: 1), let frame = message.frames.first
      else { continue }
      let messages: [Envelope<ToOperator>]
      do {
        messages = try Frame.decode(frame)
      } catch WireError.unknownMessage {
        throw CommandError.failure("\(endpoint) did not answer like a coordinator")
      }
      switch messages.first?.message {
      case .refusal(let refusal): throw CommandError.failure("\(endpoint): \(refusal.reason)")
      case let answer?: return answer
      case nil: continue
      }
    }
    throw CommandError.failure("no coordinator answered at \(endpoint) within \(patience.inWords)")
  }

  private func reason(_ failure: HandshakeFailure) -> String {
    guard keys != nil else {
      return "\(endpoint) takes no peer without a key: give --server-key KEY, as the coordinator "
        + "printed it"
    }
    return switch failure {
    case .keyRefused:
      "\(endpoint) does not admit your key; where the coordinator runs: \(approval ?? "")"
    case .mechanismDiffers: "\(endpoint) wants no keys: leave --server-key out"
    case .malformed: "\(endpoint) does not answer like a coordinator"
    case .cutOff:
      "\(endpoint) does not hold the key given with --server-key: compare it with the line that "
        + "the coordinator printed"
    }
  }
}
