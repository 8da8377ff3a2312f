internal import CZeroMQ

/// What happened to one of a socket's connections.
package enum ConnectionEvent: Hashable, Sendable {
  /// A bound socket took in a connection, whoever is behind it.
  case accepted
  /// Both sides are ready for messages.
  case handshakeSucceeded
  case handshakeFailed(HandshakeFailure)
  /// A connection is gone, established or not.
  case disconnected
}

/// Why two sides did not come together, as far as libzmq tells.
package enum HandshakeFailure: Hashable, Sendable {
  /// The other side does not admit this key.
  case keyRefused
  /// One side wants CURVE and the other does not.
  case mechanismDiffers
  /// What came was no handshake, or could not be decrypted.
  case malformed
  /// The connection ended in the middle.
  ///
  /// A client sees this when the server does not hold the key that the client expects.
  case cutOff
}

/// Tells what happens to the connections of one socket, which otherwise works in silence.
///
/// libzmq connects again by itself after a lost connection and after `.cutOff`, but never after
/// `.keyRefused`, `.mechanismDiffers` or `.malformed`: see ``Socket/reconnect(_:)``.
///
/// Of the thread that owns the socket; let go of it before the socket is closed.
package final class ConnectionMonitor {
  /// Readable when there is an event; to be polled, nothing else.
  package let source: Socket
  private let monitored: Socket

  package init(of socket: Socket, in context: Context) throws(ZeroMQError) {
    monitored = socket
    let address = UInt(bitPattern: socket.handle)
    let endpoint = try Endpoint.inproc("monitor-\(String(address, radix: 16))")
    let events =
      ZMQ_EVENT_ACCEPTED | ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_HANDSHAKE_SUCCEEDED
      | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL
      | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH
    try checked(.monitor, socket.kind.rawValue) {
      zmq_socket_monitor(socket.handle, endpoint.description, events)
    }
    source = try Socket(.pair, in: context)
    // libzmq waits where a monitor's queue is full, and nothing would move any more.
    try source.setReceiveHighWaterMark(0)
    try source.connect(endpoint)
  }

  deinit {
    if let handle = monitored.handle { zmq_socket_monitor(handle, nil, 0) }
  }

  /// Takes the next event, if there is one.
  package func next() throws(ZeroMQError) -> ConnectionEvent? {
    while let message = try source.receive(atMost: 2) {
      if let event = message.frames.first.flatMap(Self.event) { return event }
    }
    return nil
  }

  /// The first frame: 16 bits of event number, 32 bits of value, as this machine writes them.
  private static func event(_ frame: [UInt8]) -> ConnectionEvent? {
    guard frame.count >= 6 else { return nil }
    let (number, value) = frame.withUnsafeBytes {
      ($0.loadUnaligned(as: UInt16.self), $0.loadUnaligned(fromByteOffset: 2, as: UInt32.self))
    }
    switch Int32(number) {
    case ZMQ_EVENT_ACCEPTED: return .accepted
    case ZMQ_EVENT_DISCONNECTED: return .disconnected
    case ZMQ_EVENT_HANDSHAKE_SUCCEEDED: return .handshakeSucceeded
    case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH: return .handshakeFailed(.keyRefused)
    case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL: return .handshakeFailed(.cutOff)
    case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL:
      let differs = value == UInt32(ZMQ_PROTOCOL_ERROR_ZMTP_MECHANISM_MISMATCH)
      return .handshakeFailed(differs ? .mechanismDiffers : .malformed)
    default: return nil
    }
  }
}
