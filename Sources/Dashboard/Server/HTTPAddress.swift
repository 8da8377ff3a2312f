internal import Glibc

/// Where the dashboard listens: a numeric address and a port.
package struct HTTPAddress: Hashable, Sendable, CustomStringConvertible {
  package enum Host: Hashable, Sendable {
    case ip4(String)
    case ip6(String)
  }

  package let host: Host
  /// 0 for any that is free.
  package let port: UInt16

  package init(host: Host, port: UInt16) {
    self.host = host
    self.port = port
  }

  /// Reads `127.0.0.1:8757`, `localhost:8757`, `[::1]:8757`, or `*:8757` for every address of this host.
  ///
  /// - Throws: What is wrong with it, in one line.
  package init(parsing text: String) throws(DashboardError) {
    guard let colon = text.lastIndex(of: ":") else {
      throw .address(text, "it has no port: write 127.0.0.1:8757")
    }
    let digits = text[text.index(after: colon)...]
    guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isNumber }),
      let port = UInt16(digits)
    else { throw .address(text, "its port is none: write a number from 0 to 65535 behind the :") }
    self.port = port
    let name = text[..<colon]
    switch name {
    case "localhost": host = .ip4("127.0.0.1")
    case "*": host = .ip4("0.0.0.0")
    default:
      if name.first == "[", name.last == "]", Self.isAddress(name.dropFirst().dropLast(), AF_INET6)
      {
        host = .ip6(String(name.dropFirst().dropLast()))
      } else if Self.isAddress(name, AF_INET) {
        host = .ip4(String(name))
      } else {
        throw .address(
          text, "\(name.isEmpty ? "nothing" : name) is no numeric address, nor localhost or *")
      }
    }
  }

  private static func isAddress(_ text: Substring, _ family: Int32) -> Bool {
    var bytes = in6_addr()
    return inet_pton(family, String(text), &bytes) == 1
  }

  /// Whether only programs of this host reach it.
  package var isLoopback: Bool {
    switch host {
    case .ip4(let text): text.hasPrefix("127.")
    case .ip6(let text): text == "::1"
    }
  }

  /// As others write it who know this host by a name or an address, where it stands for every one.
  package func reached(as name: String) -> String {
    switch host {
    case .ip4("0.0.0.0"), .ip6("::"): "\(name.contains(":") ? "[\(name)]" : name):\(port)"
    case .ip4, .ip6: description
    }
  }

  package var description: String {
    switch host {
    case .ip4(let text): "\(text):\(port)"
    case .ip6(let text): "[\(text)]:\(port)"
    }
  }
}

/// Why a dashboard cannot be served.
package enum DashboardError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The text of an address, and what is wrong with it.
  case address(String, String)
  /// The text of a token is none; it is not repeated.
  case token(String)
  /// An address that cannot be listened at.
  case listen(HTTPAddress, reason: String)

  package var description: String {
    switch self {
    case .address(let text, let reason): "\(text): \(reason)"
    case .token(let reason): reason
    case .listen(let address, let reason): "cannot listen at \(address): \(reason)"
    }
  }
}
