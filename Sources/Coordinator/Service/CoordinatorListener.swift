internal import Glibc
import Keyring
import Platform
import Wire
package import ZeroMQ

/// The socket that a coordinator listens on, bound before its store is made: an endpoint that is
/// taken must leave nothing behind.
package final class CoordinatorListener {
  /// Names the socket to the ZAP handler.
  private static let domain = "vaesweep"
  /// Open files asked for at the start: each connection costs one, whoever is behind it.
  private static let wantedFiles = 65_536
  /// Files that the store and the rest of the program need.
  private static let reservedFiles = 128

  let socket: Socket
  let monitor: ConnectionMonitor
  /// nil where no keys are in use.
  let admission: KeyAdmission?
  // Declared after the socket, so that it goes after it.
  private let handler: ZAPHandler?
  private var connections = 0
  private let limit: Int
  /// Where workers reach it; the port is the real one where any was asked for.
  package let endpoint: Endpoint

  /// - Parameter keys: Encrypts, and admits only approved keys; nil lets everybody in.
  package init(_ wanted: Endpoint, keys: CoordinatorKeys? = nil) throws(ZeroMQError) {
    try Self.requireFree(wanted)
    let context = try Context(maxSockets: 16)
    let socket = try Socket(.router, in: context, linger: .milliseconds(500))
    // One byte more is seen and counted; what is larger still ends its connection.
    try socket.setMaxFrameSize(Frame.largest + 1)
    // To one that does not read at most so many frames wait, most of 256 KiB; of one that floods so
    // many of 1 MiB. What is lost or waits with the peer heals.
    try socket.setSendHighWaterMark(128)
    try socket.setReceiveHighWaterMark(64)
    try socket.setBacklog(2048)
    // A peer that connects and says nothing is cut off then.
    try socket.setHandshakeInterval(.seconds(10))
    try socket.setTCPKeepAlive(idle: .seconds(30), interval: .seconds(10), probes: 3)
    if let keys {
      let admission = keys.admission
      handler = try ZAPHandler(in: context, domain: Self.domain) {
        admission.admission(of: $0, from: $1)
      }
      try socket.requireCurve(secretKey: keys.own.secretKey, domain: Self.domain)
    } else {
      handler = nil
    }
    admission = keys?.admission
    limit = max(16, OpenFileLimit.raise(to: Self.wantedFiles) - Self.reservedFiles)
    monitor = try ConnectionMonitor(of: socket, in: context)
    self.socket = socket
    endpoint = try socket.bind(wanted)
  }

  /// Takes note of what happened to connections.
  ///
  /// Their number cannot be limited: libzmq has no option for it, and to unbind would cut off those
  /// that stand as well. Silent peers are cut off by the handshake interval.
  /// - Returns: How many handshakes failed for another reason than their key.
  func attend() throws(ZeroMQError) -> Int {
    var failures = 0
    while let event = try monitor.next() {
      switch event {
      case .accepted: connections += 1
      case .disconnected: connections = max(0, connections - 1)
      case .handshakeFailed(.keyRefused), .handshakeSucceeded: break
      case .handshakeFailed: failures += 1
      }
    }
    return failures
  }

  /// Whether so many are connected that the program may run out of files.
  var isFull: Bool { connections >= limit }

  /// libzmq takes over the path of an ipc socket, also from a program that still listens there.
  private static func requireFree(_ endpoint: Endpoint) throws(ZeroMQError) {
    guard case .ipc(let path) = endpoint.address, isListening(path) else { return }
    throw ZeroMQError(.bind, endpoint.description, .code(.addressInUse))
  }

  private static func isListening(_ path: String) -> Bool {
    let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let room = MemoryLayout.size(ofValue: address.sun_path)
    let bytes = Array(path.utf8)
    guard bytes.count < room else { return false }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
      }
    }
  }
}
