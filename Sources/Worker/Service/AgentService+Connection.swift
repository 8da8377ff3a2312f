import Logging
import ZeroMQ

extension AgentService {
  /// Tells what keeps the worker from its coordinator, and tries again where libzmq does not.
  ///
  /// - Returns: Whether a connection has come about.
  func attendConnection(at now: Duration) throws(ZeroMQError) -> Bool {
    var advice: [CoordinatorContact.Advice] = []
    var isNew = false
    while let event = try monitor.next() {
      if event == .handshakeSucceeded { isNew = true }
      advice += contact.hear(event, at: now)
    }
    if let found = probe.newFinding() { advice += contact.found(found, at: now) }
    for advice in advice + contact.tick(at: now) {
      switch advice {
      case .log(let text): logger.warning("\(text)")
      case .reconnect: try socket.reconnect(options.endpoint)
      case .probe: probe.start()
      }
    }
    return isNew
  }

  /// At most a line a second: whoever sends garbage must not fill a disk with it.
  func complain(_ text: String) {
    let now = ContinuousClock.now
    guard lastComplaint.map({ now - $0 >= .seconds(1) }) ?? true else { return }
    lastComplaint = now
    logger.warning("\(text)")
  }
}
