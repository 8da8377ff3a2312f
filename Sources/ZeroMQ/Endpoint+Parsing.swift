internal import Glibc

extension Endpoint {
  /// The longest path of a Unix domain socket, in bytes.
  static let longestPath = 107
  private static let longestName = 255

  /// Reads `tcp://host:port`, `tcp://*:5757`, `tcp://[::1]:5757`, `ipc://path`, `inproc://name`.
  ///
  /// - Throws: An error that starts "'foo' is not an endpoint: …".
  package init(parsing text: String) throws(ZeroMQError) {
    do throws(Malformed) {
      try self.init(Self.address(in: text))
    } catch {
      throw ZeroMQError(.readEndpoint, text, .misuse(error.reason))
    }
  }

  private struct Malformed: Error {
    let reason: String
    init(_ reason: String) { self.reason = reason }
  }

  private static func address(in text: String) throws(Malformed) -> Address {
    guard text.allSatisfy({ !$0.isWhitespace && $0 != "\0" }) else {
      throw Malformed("it must hold no blanks")
    }
    if let rest = text.suffix(after: "tcp://") { return try tcp(rest) }
    if let path = text.suffix(after: "ipc://") {
      guard !path.isEmpty, path != "*", path.utf8.count <= longestPath else {
        throw Malformed("'ipc://' is followed by a path of 1 to \(longestPath) bytes")
      }
      return .ipc(path: path)
    }
    if let name = text.suffix(after: "inproc://") {
      guard !name.isEmpty, name.utf8.count <= longestName else {
        throw Malformed("'inproc://' is followed by a name of 1 to \(longestName) bytes")
      }
      return .inproc(name: name)
    }
    throw Malformed("write tcp://HOST:PORT, as in tcp://127.0.0.1:5757, or ipc://PATH")
  }

  private static func tcp(_ text: String) throws(Malformed) -> Address {
    guard let colon = text.lastIndex(of: ":"), !text[..<colon].isEmpty,
      !(text.hasPrefix("[") && text.hasSuffix("]"))
    else { throw Malformed("'tcp://' is followed by HOST:PORT, as in tcp://127.0.0.1:5757") }
    return .tcp(
      try host(String(text[..<colon])), try port(String(text[text.index(after: colon)...])))
  }

  private static func port(_ text: String) throws(Malformed) -> Port {
    if text == "*" || text == "0" { return .ephemeral }
    guard text.utf8.allSatisfy({ (48...57).contains($0) }), let number = UInt16(text), number > 0
    else {
      throw Malformed("the port '\(text)' must be a number from 1 to 65535, or * for a free one")
    }
    return .number(number)
  }

  private static func host(_ text: String) throws(Malformed) -> Host {
    if text == "*" { return .any }
    if text.hasPrefix("["), text.hasSuffix("]") {
      let inner = String(text.dropFirst().dropLast())
      // A scope such as fe80::1%eth0 is for the system to judge.
      let digits = inner.prefix { $0 != "%" }
      var bytes = in6_addr()
      guard inet_pton(AF_INET6, String(digits), &bytes) == 1 else {
        throw Malformed("'\(inner)' is no IPv6 address")
      }
      return .ipv6(inner)
    }
    if text.contains(":") {
      throw Malformed("an IPv6 address stands in brackets: tcp://[::1]:5757")
    }
    if text.utf8.allSatisfy({ (48...57).contains($0) || $0 == 46 }) {
      var bytes = in_addr()
      guard inet_pton(AF_INET, text, &bytes) == 1 else {
        throw Malformed("'\(text)' is no IPv4 address")
      }
      return .ipv4(text)
    }
    let accepted = text.utf8.allSatisfy { byte in
      switch byte {
      case 48...57, 65...90, 97...122, 45, 46, 95: true  // 0-9 A-Z a-z - . _
      default: false
      }
    }
    guard accepted, text.utf8.count <= longestName, text.utf8.first != 45 else {
      throw Malformed("'\(text)' is no host name")
    }
    return .named(text)
  }
}

extension String {
  /// The rest of the string, where it starts with the prefix.
  fileprivate func suffix(after prefix: String) -> String? {
    hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
  }
}
