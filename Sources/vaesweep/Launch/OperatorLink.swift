import Platform
import Sweep
import Wire
import ZeroMQ

/// An operator's connection to a coordinator; where it cannot come about, it says why in one line.
struct OperatorLink {
  private enum Source: Hashable {
    case network
    case connection
    case stop
  }

  /// The keys that it is encrypted with.
  struct Keys {
    let own: CurveKeyPair
    let server: CurvePublicKey
    /// The command that approves the own key where the coordinator runs.
    let approval: String
  }

  let endpoint: Endpoint
  private let keys: Keys?
  private let context: Context
  private let socket: Socket
  private let monitor: ConnectionMonitor
  private var stop: StopSignal?
  private var poller = Poller<Source>()
  private var waiting: [ToOperator] = []
  private var cutOffs = 0
  /// Whether it has answered: what then goes wrong with the connection may mend.
  private var hasAnswered = false

  /// - Parameters:
  ///   - keys: nil where none are in use.
  ///   - stop: Ends any waiting.
  init(_ endpoint: Endpoint, keys: Keys?, stop: StopSignal? = nil) throws(CommandError) {
    self.endpoint = endpoint
    self.keys = keys
    self.stop = stop
    do throws(ZeroMQError) {
      context = try Context()
      socket = try Socket(.dealer, in: context)
      try socket.setMaxFrameSize(Frame.largest)
      if let keys { try socket.useCurve(keys.own, server: keys.server) }
      monitor = try ConnectionMonitor(of: socket, in: context)
      try socket.connect(endpoint)
    } catch {
      throw .failure(error)
    }
    poller.watch(socket, as: .network)
    poller.watch(monitor, as: .connection)
    if let stop { poller.watch(stop.wakeUp, as: .stop) }
  }

  /// From here on a stop ends no waiting: there is a last thing to be said.
  mutating func ignoreStop() {
    if stop != nil { poller.unwatch(.stop) }
    stop = nil
  }

  func send(_ request: OperatorRequest) throws(CommandError) {
    do {
      // One that finds no room is as good as lost: whoever waits asks again.
      _ = try socket.send([try Frame.encode(ToCoordinator.operator(request))])
    } catch {
      throw .failure("\(error)")
    }
  }

  /// The next thing the coordinator says; nil where nothing comes in time, or a stop comes first.
  ///
  /// - Throws: Where it refuses, or the peer cannot be a coordinator that this operator may ask.
  mutating func next(within time: Duration) throws(CommandError) -> ToOperator? {
    let end = ContinuousClock.now + time
    while waiting.isEmpty {
      let left = end - ContinuousClock.now
      guard left > .zero, stop?.isRequested != true else { return nil }
      do throws(ZeroMQError) {
        _ = try poller.wait(left)
      } catch {
        throw .failure(error)
      }
      try attendConnection()
      try receive()
    }
    let message = waiting.removeFirst()
    if case .refusal(let refusal) = message { throw .failure("\(endpoint): \(refusal.reason)") }
    return message
  }

  private mutating func receive() throws(CommandError) {
    do {
      guard let frame = try socket.receive(atMost: 1)?.frames.first else { return }
      waiting = try Frame.decode(frame, as: ToOperator.self).map(\.message)
      hasAnswered = true
    } catch WireError.unknownMessage {
      throw .failure("\(endpoint) did not answer like a coordinator")
    } catch {
      throw .failure("\(endpoint): \(error)")
    }
  }

  private mutating func attendConnection() throws(CommandError) {
    while true {
      let event: ConnectionEvent?
      do throws(ZeroMQError) {
        event = try monitor.next()
      } catch {
        throw .failure(error)
      }
      guard let event else { return }
      guard case .handshakeFailed(let failure) = event else { continue }
      if failure == .cutOff {
        cutOffs += 1
        // One alone may be a coordinator that ends or starts.
        guard cutOffs >= 2, !hasAnswered else { continue }
      }
      throw .failure(reason(failure))
    }
  }

  private func reason(_ failure: HandshakeFailure) -> String {
    guard let keys else {
      return "\(endpoint) takes no peer without a key: give --server-key KEY, as the coordinator "
        + "printed it"
    }
    return switch failure {
    case .keyRefused:
      "\(endpoint) does not admit your key; where the coordinator runs: \(keys.approval)"
    case .mechanismDiffers: "\(endpoint) wants no keys: leave --server-key out"
    case .malformed: "\(endpoint) does not answer like a coordinator"
    case .cutOff:
      "\(endpoint) does not hold the key given with --server-key: compare it with the line that "
        + "the coordinator printed"
    }
  }
}
