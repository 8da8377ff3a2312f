internal import CZeroMQ

/// A ZeroMQ socket, of one thread for life: it is not Sendable.
///
/// It keeps its context alive and is closed when it goes. Heartbeats of ZeroMQ's own are not
/// offered: they can abort the process (libzmq issues 3937, 4229, 4767).
package final class Socket {
  /// What a socket does with messages.
  package enum Kind: String, Sendable {
    /// Many peers, each addressed by its routing id; refuses to drop messages silently.
    case router
    /// One peer or several, in turn, without any lock-step.
    case dealer
    /// Exactly one peer, for two threads of one process.
    case pair

    var type: Int32 {
      switch self {
      case .router: ZMQ_ROUTER
      case .dealer: ZMQ_DEALER
      case .pair: ZMQ_PAIR
      }
    }
  }

  package let kind: Kind
  /// nil once closed: libzmq then answers every call with ENOTSOCK.
  private(set) var handle: UnsafeMutableRawPointer?
  private let context: Context

  /// Opens a socket, without any peer yet.
  ///
  /// A router is made mandatory: sending to an unknown peer says so.
  /// - Parameter linger: How long messages not yet on the network outlive the socket.
  package init(
    _ kind: Kind, in context: Context, linger: Duration = .zero
  ) throws(ZeroMQError) {
    guard let handle = context.makeSocket(kind.type) else {
      throw ZeroMQError(.createSocket, kind.rawValue, .code(.last))
    }
    self.kind = kind
    self.context = context
    self.handle = handle
    try setLinger(linger)
    if kind == .router { try setMandatory(true) }
  }

  deinit { close() }

  /// Closes the socket now instead of when its last owner goes.
  package func close() {
    guard let handle else { return }
    self.handle = nil
    // While the socket lingers, an event for a monitor that nobody reads would hold up the rest.
    zmq_socket_monitor(handle, nil, 0)
    zmq_close(handle)
  }
}
