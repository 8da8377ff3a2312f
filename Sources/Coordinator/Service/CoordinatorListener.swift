internal import Glibc
import Wire
package import ZeroMQ

/// The socket that a coordinator listens on, bound before its store is made: an endpoint that is
/// taken must leave nothing behind.
package final class CoordinatorListener {
  let socket: Socket
  /// Where workers reach it; the port is the real one where any was asked for.
  package let endpoint: Endpoint

  package init(_ wanted: Endpoint) throws(ZeroMQError) {
    try Self.requireFree(wanted)
    let context = try Context(maxSockets: 16)
    socket = try Socket(.router, in: context, linger: .milliseconds(500))
    try socket.setMaxFrameSize(Frame.largest)
    try socket.setSendHighWaterMark(1000)
    try socket.setReceiveHighWaterMark(10_000)
    try socket.setBacklog(2048)
    try socket.setTCPKeepAlive(idle: .seconds(30), interval: .seconds(10), probes: 3)
    endpoint = try socket.bind(wanted)
  }

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
