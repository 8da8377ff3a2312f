import Sweep

/// Who may read: whoever knows the token, or without one whoever is on this host.
package struct AccessRule: Hashable, Sendable {
  package enum Verdict: Hashable, Sendable {
    case allowed
    /// It does not bear the token.
    case unauthorized
    /// A page of another site, shown by a browser on this host, asks under that site's name.
    case foreignHost
  }

  /// Characters of a token.
  private static let lengths = 16...256
  /// Of a generated one: 128 bits.
  private static let generatedDigits = 32

  package let token: String?
  /// Of the cookie that bears the token: servers on one host share a browser's cookies, and each has its own.
  private let cookieName: String

  /// - Parameter token: nil where none is wanted, as on loopback.
  package init(token: String?) throws(DashboardError) {
    if let token {
      guard Self.lengths.contains(token.utf8.count), token.utf8.allSatisfy(Self.isPlain) else {
        throw .token(
          "a token has \(Self.lengths.lowerBound) to \(Self.lengths.upperBound) letters, digits, '-', "
            + "'.', '_' or '~'")
      }
    }
    self.token = token
    cookieName = "vaesweep_" + (token.map { String(Digest(of: $0).hex.prefix(8)) } ?? "")
  }

  /// A token that nobody can guess.
  package static func generated() -> String {
    var generator = SystemRandomNumberGenerator()
    return (0..<generatedDigits).map { _ in
      String(UInt8.random(in: 0..<16, using: &generator), radix: 16)
    }.joined()
  }

  /// - Parameters:
  ///   - authorization: The header of this name.
  ///   - query: The value of `token` in the address.
  ///   - cookie: The header `Cookie`.
  ///   - host: The header `Host`.
  package func judge(
    authorization: String?, query: String?, cookie: String? = nil, host: String?
  ) -> Verdict {
    guard let token else {
      return Self.isThisHost(host) ? .allowed : .foreignHost
    }
    let scheme = "bearer "
    var given: [String] = []
    if let authorization, authorization.lowercased().hasPrefix(scheme) {
      given.append(String(authorization.dropFirst(scheme.count)).trimmed)
    }
    if let query { given.append(query) }
    for part in (cookie ?? "").split(separator: ";").map({ String($0).trimmed })
    where part.hasPrefix(cookieName + "=") {
      given.append(String(part.dropFirst(cookieName.count + 1)))
    }
    return given.contains { Self.areEqual($0, token) } ? .allowed : .unauthorized
  }

  /// What a browser keeps of whoever has shown the token in the address.
  ///
  /// It need not stand there any more, nor in the browser's history. It is sent to this host alone, for its
  /// own pages alone, and is out of every script's reach.
  ///
  /// - Returns: nil where there is nothing to keep.
  package func cookie(for query: String?) -> String? {
    guard let token, let query, Self.areEqual(query, token) else { return nil }
    return "\(cookieName)=\(token); Path=/; HttpOnly; SameSite=Strict"
  }

  /// Takes as long wherever the first difference is.
  private static func areEqual(_ left: String, _ right: String) -> Bool {
    let (left, right) = (Array(left.utf8), Array(right.utf8))
    guard left.count == right.count else { return false }
    return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }

  private static func isThisHost(_ header: String?) -> Bool {
    guard let header else { return true }
    let name: Substring
    if header.hasPrefix("[") {
      name = header.prefix { $0 != "]" }.dropFirst()
    } else {
      name = header.prefix { $0 != ":" }
    }
    return name.lowercased() == "localhost" || name == "::1"
      || name.hasPrefix("127.")
        && name.allSatisfy { $0.isNumber || $0 == "." }
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
      UInt8(ascii: "_"), UInt8(ascii: "~"):
      true
    default: false
    }
  }
}

extension String {
  fileprivate var trimmed: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
