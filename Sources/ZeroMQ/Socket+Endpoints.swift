internal import CZeroMQ
internal import Glibc

extension Socket {
  /// Offers the socket at an endpoint.
  ///
  /// - Returns: The endpoint as it came to be: the port chosen for `tcp://127.0.0.1:*`, and
  ///   `0.0.0.0` for `*`.
  /// - Throws: EADDRINUSE, ENODEV (no such interface), EACCES; and EEXIST rather than let libzmq
  ///   delete a file that is not a socket.
  @discardableResult
  package func bind(_ endpoint: Endpoint) throws(ZeroMQError) -> Endpoint {
    if case .ipc(let path) = endpoint.address, Self.isForeignFile(path) {
      throw ZeroMQError(.bind, endpoint.description, .code(.fileExists))
    }
    try allowIPv6(for: endpoint)
    try checked(.bind, endpoint.description) { zmq_bind(handle, endpoint.bindText) }
    return try lastEndpoint()
  }

  /// Connects to an endpoint, at once or, over a network, whenever it answers.
  package func connect(_ endpoint: Endpoint) throws(ZeroMQError) {
    if case .tcp(let host, let port) = endpoint.address {
      if host == .any {
        throw ZeroMQError(
          .connect, endpoint.description,
          .misuse("'*' means every interface and serves only to bind: name the host to connect to"))
      }
      if port == .ephemeral {
        throw ZeroMQError(
          .connect, endpoint.description,
          .misuse("a free port serves only to bind: give the port the other side is bound to"))
      }
    }
    try allowIPv6(for: endpoint)
    try checked(.connect, endpoint.description) { zmq_connect(handle, endpoint.description) }
  }

  /// Takes back a ``bind(_:)``; give the endpoint that it returned.
  package func unbind(_ endpoint: Endpoint) throws(ZeroMQError) {
    try checked(.unbind, endpoint.description) { zmq_unbind(handle, endpoint.bindText) }
  }

  /// Takes back a ``connect(_:)``; messages not yet sent there are dropped after the linger.
  package func disconnect(_ endpoint: Endpoint) throws(ZeroMQError) {
    try checked(.disconnect, endpoint.description) { zmq_disconnect(handle, endpoint.description) }
  }

  /// Connects anew where libzmq has given up, as it does after a handshake that was refused.
  ///
  /// Do not call it while a connection stands: what is queued for it would be dropped.
  package func reconnect(_ endpoint: Endpoint) throws(ZeroMQError) {
    _ = uninterrupted { zmq_disconnect(handle, endpoint.description) }
    try connect(endpoint)
  }

  private func allowIPv6(for endpoint: Endpoint) throws(ZeroMQError) {
    if case .tcp(.ipv6, _) = endpoint.address { try setIPv6(true) }
  }

  private func lastEndpoint() throws(ZeroMQError) -> Endpoint {
    var buffer = [UInt8](repeating: 0, count: 512)
    var count = buffer.count
    try checked(.readOption, "last_endpoint") {
      zmq_getsockopt(handle, ZMQ_LAST_ENDPOINT, &buffer, &count)
    }
    return try Endpoint(parsing: String(decoding: buffer.prefix(max(0, count - 1)), as: UTF8.self))
  }

  private static func isForeignFile(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFSOCK
  }
}
