import Dashboard
import Testing

@Suite("Who may read, and where")
struct AccessTests {
  private static let token = "abcdefghij0123456789"

  @Test(
    "An address is an address of numbers and a port",
    arguments: [
      ("127.0.0.1:8757", true, "127.0.0.1:8757"), ("localhost:0", true, "127.0.0.1:0"),
      ("[::1]:80", true, "[::1]:80"), ("*:8757", false, "0.0.0.0:8757"),
      ("10.77.0.1:65535", false, "10.77.0.1:65535"), ("[fd00::5]:1", false, "[fd00::5]:1"),
    ])
  func address(text: String, isLoopback: Bool, shown: String) throws {
    let address = try HTTPAddress(parsing: text)
    #expect(address.isLoopback == isLoopback)
    #expect(address.description == shown)
  }

  @Test("Where it stands for every address, others are told a name of this host")
  func reached() throws {
    for (text, name, shown) in [
      ("*:8757", "10.0.0.5", "10.0.0.5:8757"), ("0.0.0.0:8757", "node", "node:8757"),
      ("[::]:1", "fd00::5", "[fd00::5]:1"), ("10.77.0.1:2", "node", "10.77.0.1:2"),
      ("[fd00::5]:1", "node", "[fd00::5]:1"), ("localhost:3", "node", "127.0.0.1:3"),
    ] {
      #expect(try HTTPAddress(parsing: text).reached(as: name) == shown)
    }
  }

  @Test(
    "Anything else is told in one line",
    arguments: [
      "", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:65536", "127.0.0.1:-1", ":80",
      "host.example:80", "::1:80", "[::1:80", "[127.0.0.1]:80", "300.1.1.1:80", "[fe80::1%lo]:80",
    ])
  func badAddress(text: String) {
    let error = #expect(throws: DashboardError.self) { try HTTPAddress(parsing: text) }
    #expect(error.map { !"\($0)".contains("\n") && "\($0)".hasPrefix(text) } == true)
  }

  @Test("With a token whoever bears it reads, in the header or in the address")
  func bearer() throws {
    let rule = try AccessRule(token: Self.token)
    func verdict(_ authorization: String?, _ query: String?) -> AccessRule.Verdict {
      rule.judge(authorization: authorization, query: query, host: "sweep.example:8757")
    }
    #expect(verdict("Bearer \(Self.token)", nil) == .allowed)
    #expect(verdict("bearer  \(Self.token) ", nil) == .allowed)
    #expect(verdict(nil, Self.token) == .allowed)
    #expect(verdict("Basic eDp5", Self.token) == .allowed)
    for wrong in ["", "Bearer", "Bearer ", "Bearer x", "Basic \(Self.token)", Self.token] {
      #expect(verdict(wrong, nil) == .unauthorized)
    }
    #expect(verdict(nil, nil) == .unauthorized)
    #expect(verdict(nil, Self.token.uppercased()) == .unauthorized)
    #expect(verdict(nil, String(Self.token.dropLast())) == .unauthorized)
  }

  @Test("Who has shown the token in the address is known by a cookie from then on")
  func cookie() throws {
    let rule = try AccessRule(token: Self.token)
    let cookie = try #require(rule.cookie(for: Self.token))
    #expect(cookie.hasSuffix("; Path=/; HttpOnly; SameSite=Strict"))
    let kept = try #require(cookie.split(separator: ";").first)
    func verdict(_ cookie: String) -> AccessRule.Verdict {
      rule.judge(authorization: nil, query: nil, cookie: cookie, host: "sweep.example:8757")
    }
    #expect(verdict(String(kept)) == .allowed)
    #expect(verdict("a=b; \(kept); c=d") == .allowed)
    for wrong in ["", "=", "\(Self.token)", "vaesweep=\(Self.token)", "\(kept)x", "x\(kept)"] {
      #expect(verdict(wrong) == .unauthorized, "\(wrong)")
    }
    #expect(rule.cookie(for: nil) == nil && rule.cookie(for: "\(Self.token)x") == nil)
    // Servers on one host, whose cookies a browser does not tell apart, do not take each other's place.
    let other = try AccessRule(token: "another-token-of-its-own")
    #expect(other.cookie(for: "another-token-of-its-own")?.prefix(17) != kept.prefix(17))
    #expect(try AccessRule(token: nil).cookie(for: Self.token) == nil)
  }

  @Test("Without one only this host's own names are answered, so that no other site's page reads")
  func names() throws {
    let rule = try AccessRule(token: nil)
    for host in ["127.0.0.1:8757", "localhost:1", "localhost", "[::1]:8757", "127.0.0.2", nil] {
      #expect(rule.judge(authorization: nil, query: nil, host: host) == .allowed)
    }
    for host in ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "10.0.0.1"]
    {
      #expect(rule.judge(authorization: nil, query: nil, host: host) == .foreignHost)
    }
  }

  @Test("A token is long, and of characters that an address may hold")
  func tokens() throws {
    for wrong in [
      "", "short", "abcdefghij 0123456789", "abcdefghij&0123456789", "äbcdefghij0123456",
    ] {
      #expect(throws: DashboardError.self) { try AccessRule(token: wrong) }
    }
    let first = AccessRule.generated()
    #expect(first.count == 32 && first != AccessRule.generated())
    #expect(try AccessRule(token: first).token == first)
  }
}
