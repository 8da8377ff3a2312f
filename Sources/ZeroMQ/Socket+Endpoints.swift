internal import CZeroMQ
internal import Glibc

extension Socket {
  /// Offers the socket at an endpoint.
  ///
  /// `*` is every interface, IPv4 and IPv6, where the machine has both.
  ///
  /// - Returns: The endpoint as it came to be: the port chosen for `tcp://127.0.0.1:*`, `[::]` for
  ///   `*`, or `0.0.0.0` on a machine without IPv6.
  /// - Throws: EADDRINUSE, ENODEV (no such interface), EACCES; and EEXIST rather than let libzmq
  ///   delete a file that is not a socket.
  @discardableResult
  package func bind(_ endpoint: Endpoint) throws(ZeroMQError) -> Endpoint {
    if case .ipc(let path) = endpoint.address, Self.isForeignFile(path) {
      throw ZeroMQError(.bind, endpoint.description, .code(.fileExists))
    }
    if case .tcp(.any, _) = endpoint.address {
      // A socket for both; a kernel without IPv6 has none.
      try setIPv6(true)
      if zmq_bind(handle, endpoint.description) == 0 { return try lastEndpoint() }
      let code = ErrorCode.last
      guard code == .unsupportedAddressFamily || code == .addressNotAvailable else {
        throw ZeroMQError(.bind, endpoint.description, .code(code))
      }
      try setIPv6(false)
    }
    // The system lets it bind there all the same, and nobody reaches it.
    if case .tcp = endpoint.address, endpoint.isLoopback, !InterfaceAddress.hasLoopback {
      throw ZeroMQError(.bind, endpoint.description, .code(.addressNotAvailable))
    }
    let bound = endpoint.toBind
    if case .tcp(.ipv6, _) = bound.address { try setIPv6(true) }
    try checked(.bind, endpoint.description) { zmq_bind(handle, bound.description) }
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
    if case .tcp(let host, _) = endpoint.address, host.isIPv6Only { try setIPv6(true) }
    try checked(.connect, endpoint.description) { zmq_connect(handle, endpoint.description) }
  }

  /// Takes back a ``bind(_:)``; give the endpoint that it returned.
  package func unbind(_ endpoint: Endpoint) throws(ZeroMQError) {
    try checked(.unbind, endpoint.description) { zmq_unbind(handle, endpoint.description) }
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

extension Endpoint.Host {
  /// Whether it is reached over IPv6 alone: libzmq asks for one family or the other.
  ///
  /// A name is looked up, for the families that this machine has addresses of.
  fileprivate var isIPv6Only: Bool {
    switch self {
    case .ipv6: return true
    case .any, .ipv4: return false
    case .named(let name):
      var hints = addrinfo()
      hints.ai_family = AF_UNSPEC
      hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
      hints.ai_flags = AI_ADDRCONFIG
      var found: UnsafeMutablePointer<addrinfo>?
      guard getaddrinfo(name, nil, &hints, &found) == 0 else { return false }
      defer { freeaddrinfo(found) }
      var families: Set<Int32> = []
      var next = found
      while let entry = next?.pointee {
        families.insert(entry.ai_family)
        next = entry.ai_next
      }
      return families == [AF_INET6]
    }
  }
}
