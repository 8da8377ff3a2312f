/// Where a socket binds or connects: `tcp://host:port`, `ipc://path` or `inproc://name`.
///
/// A value exists only for text that libzmq can use.
package struct Endpoint: Hashable, Sendable, CustomStringConvertible {
  package enum Address: Hashable, Sendable {
    case tcp(Host, Port)
    /// A Unix domain socket at a path of at most 107 bytes; `@name` for an abstract one.
    case ipc(path: String)
    /// A name within one ``Context``.
    case inproc(name: String)
  }

  package enum Host: Hashable, Sendable {
    /// Every interface, `*`: to bind only.
    case any
    case ipv4(String)
    /// Without its brackets.
    case ipv6(String)
    /// A host to connect to, or an interface to bind.
    case named(String)
  }

  package enum Port: Hashable, Sendable {
    /// Any free one, `*` or 0: to bind only.
    case ephemeral
    case number(UInt16)
  }

  package let address: Address

  init(_ address: Address) { self.address = address }

  /// Any free port of 127.0.0.1.
  package static let anyLoopbackPort = Endpoint(.tcp(.ipv4("127.0.0.1"), .ephemeral))

  /// A free choice of name within one context.
  package static func inproc(_ name: String) throws(ZeroMQError) -> Endpoint {
    try Endpoint(parsing: "inproc://\(name)")
  }

  /// Whether only this machine can reach it.
  ///
  /// A name other than `localhost` or `lo` counts as not.
  package var isLoopback: Bool {
    switch address {
    case .ipc, .inproc: true
    case .tcp(.any, _): false
    case .tcp(.ipv4(let text), _): text.hasPrefix("127.")
    case .tcp(.ipv6(let text), _): text == "::1" || text.lowercased().hasPrefix("::ffff:127.")
    case .tcp(.named(let name), _): ["localhost", "lo"].contains(name.lowercased())
    }
  }

  /// The port of a `tcp` endpoint, once it is a number.
  package var port: UInt16? {
    if case .tcp(_, .number(let port)) = address { port } else { nil }
  }

  /// As libzmq reads it, and as ``init(parsing:)`` does.
  package var description: String {
    switch address {
    case .tcp(let host, let port): "tcp://\(host):\(port)"
    case .ipc(let path): "ipc://\(path)"
    case .inproc(let name): "inproc://\(name)"
    }
  }

  /// The endpoint to bind: libzmq looks up no host names, and of an interface only the first address
  /// it finds, so `localhost` and interfaces become addresses.
  var toBind: Endpoint {
    guard case .tcp(.named(let name), let port) = address else { return self }
    let interface = name.lowercased() == "localhost" ? "lo" : name
    guard let found = InterfaceAddress.toBind(interface) else {
      return name == interface ? self : Endpoint(.tcp(.ipv4("127.0.0.1"), port))
    }
    return Endpoint(.tcp(found.host, port))
  }

  /// A name that no other program uses, for processes of this machine: a Unix domain socket without a
  /// file, which needs no network, not even loopback.
  package static func onThisMachine() -> Endpoint {
    Endpoint(.ipc(path: "@vaesweep-" + String(UInt64.random(in: .min ... .max), radix: 36)))
  }
}

extension Endpoint.Host: CustomStringConvertible {
  package var description: String {
    switch self {
    case .any: "*"
    case .ipv4(let text), .named(let text): text
    case .ipv6(let text): "[\(text)]"
    }
  }
}

extension Endpoint.Port: CustomStringConvertible {
  package var description: String {
    switch self {
    case .ephemeral: "*"
    case .number(let number): "\(number)"
    }
  }
}
