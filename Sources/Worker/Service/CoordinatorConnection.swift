import Logging
import Platform
import Wire
import ZeroMQ

/// A worker's DEALER with what follows it: whether it comes about, and what keeps the two apart.
///
/// Of the thread that made it.
final class CoordinatorConnection {
  let socket: Socket
  let endpoint: Endpoint
  let monitor: ConnectionMonitor
  let probe: ReachabilityProbe
  private(set) var contact: CoordinatorContact
  private let logger: Logger

  /// Connects; `keys` are nil where none are in use.
  init(_ endpoint: Endpoint, keys: WorkerKeys?, logger: Logger) throws(ZeroMQError) {
    self.endpoint = endpoint
    self.logger = logger
    let context = try Context()
    // A farewell may still be on its way when the socket closes.
    socket = try Socket(.dealer, in: context, linger: .milliseconds(500))
    // Without a peer nothing is queued: the session repeats itself when there is one.
    try socket.setImmediate(true)
    try socket.setSendHighWaterMark(0)
    try socket.setReceiveHighWaterMark(0)
    try socket.setMaxFrameSize(Frame.largest)
    try socket.setReconnectInterval(.milliseconds(100), longest: .seconds(1))
    if let keys { try socket.useCurve(keys.own, server: keys.server) }
    monitor = try ConnectionMonitor(of: socket, in: context)
    probe = try ReachabilityProbe(endpoint)
    contact = CoordinatorContact(endpoint, keys: keys)
    try socket.connect(endpoint)
  }

  /// What keeps the two apart at present, for the line that ends a wait.
  var trouble: String? { contact.trouble }

  /// Connects anew with another pair.
  func reconnect(with pair: CurveKeyPair, server: CurvePublicKey) throws(ZeroMQError) {
    try socket.useCurve(pair, server: server)
    try socket.reconnect(endpoint)
  }

  /// Tells what keeps the worker from its coordinator, and tries again where libzmq does not.
  ///
  /// - Parameter alternates: Whether another key is tried after one that was refused: then a refusal is
  ///   the caller's concern alone.
  /// - Returns: What has happened since the last time.
  func attend(at now: Duration, alternates: Bool = false) throws(ZeroMQError) -> [ConnectionEvent] {
    var advice: [CoordinatorContact.Advice] = []
    var events: [ConnectionEvent] = []
    while let event = try monitor.next() {
      events.append(event)
      if alternates, event == .handshakeFailed(.keyRefused) {
        contact.wasAnswered()
      } else {
        advice += contact.hear(event, at: now)
      }
    }
    if let found = probe.newFinding() { advice += contact.found(found, at: now) }
    for advice in advice + contact.tick(at: now) {
      switch advice {
      case .log(let text): logger.warning("\(text)")
      case .reconnect: try socket.reconnect(endpoint)
      case .probe: probe.start()
      }
    }
    return events
  }
}
