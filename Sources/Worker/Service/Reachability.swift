internal import Glibc
package import ZeroMQ

/// What trying to reach an endpoint came to, which libzmq keeps to itself.
package enum Reachability: Hashable, Sendable {
  /// Somebody takes connections there.
  case reached
  /// The name service does not know the host; in its words.
  case unresolved(String)
  /// `errno` of the last address that was tried.
  case failed(Int32)

  private static let patience = Duration.seconds(5)

  /// Looks the host up and connects to it once; may block for as long as the name service does, and
  /// five seconds for each address.
  package static func find(_ endpoint: Endpoint) -> Reachability {
    switch endpoint.address {
    case .tcp(let host, .number(let port)):
      switch host {
      case .ipv4(let name), .ipv6(let name), .named(let name): find(name, port)
      case .any: .reached
      }
    case .tcp(_, .ephemeral): .reached
    case .ipc(let path): path.hasPrefix("@") || access(path, F_OK) == 0 ? .reached : .failed(errno)
    case .inproc: .reached
    }
  }

  private static func find(_ host: String, _ port: UInt16) -> Reachability {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    let code = getaddrinfo(host, "\(port)", &hints, &list)
    guard code == 0 else { return .unresolved(String(cString: gai_strerror(code))) }
    defer { freeaddrinfo(list) }
    var last = Reachability.failed(EHOSTUNREACH)
    var next = list
    while let entry = next?.pointee {
      next = entry.ai_next
      last = connect(entry)
      if last == .reached { break }
    }
    return last
  }

  private static func connect(_ entry: addrinfo) -> Reachability {
    let descriptor = socket(entry.ai_family, entry.ai_socktype, entry.ai_protocol)
    guard descriptor >= 0 else { return .failed(errno) }
    defer { close(descriptor) }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    guard Glibc.connect(descriptor, entry.ai_addr, entry.ai_addrlen) != 0 else { return .reached }
    guard errno == EINPROGRESS else { return .failed(errno) }
    var item = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    guard poll(&item, 1, Int32(patience / .milliseconds(1))) > 0 else { return .failed(ETIMEDOUT) }
    var failure: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &failure, &length)
    return failure == 0 ? .reached : .failed(failure)
  }

  /// What keeps a worker from `endpoint`, and what to do about it.
  package func reason(_ endpoint: Endpoint) -> String {
    switch self {
    case .reached:
      "\(endpoint) takes connections, but nobody there answers like a coordinator"
    case .unresolved(let words):
      "the host of \(endpoint) cannot be looked up (\(words)): check its name"
    case .failed(ECONNREFUSED):
      "nothing listens at \(endpoint) (connection refused): is the coordinator running, and on this "
        + "port?"
    case .failed(ENOENT):
      "there is no socket at \(endpoint): is the coordinator running?"
    case .failed(ETIMEDOUT):
      "\(endpoint) does not answer: the host is down, or a firewall drops what is sent to this port"
    case .failed(let code):
      "there is no way to \(endpoint) (\(String(cString: strerror(code)))): check this host's "
        + "network"
    }
  }
}
