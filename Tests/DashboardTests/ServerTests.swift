import Crypto
import Dashboard
import Foundation
import Sweep
import TestSupport
import Testing
import Wire

@Suite("The server", .onOwnThread)
struct ServerTests {
  private static let token = "abcdefghij0123456789"
  private static let anyPort = HTTPAddress(host: .ip4("127.0.0.1"), port: 0)

  /// A server with a board that a test writes on.
  private final class Served {
    let board = SweepBoard()
    let server: DashboardServer
    private var number = 0

    init(token: String? = nil, limits: DashboardServer.Limits = .init()) throws {
      let pages = DashboardPages(
        board, program: ProgramFacts(version: "0.1.0", trainerVersion: 1))
      server = try DashboardServer(
        at: ServerTests.anyPort, rule: try AccessRule(token: token), pages: pages, limits: limits)
    }

    var port: UInt16 { server.address.port }

    func put(_ status: StatusReply) {
      number += 1
      board.put(
        SweepSnapshot(status: status, counters: SweepCounters(since: 0), number: number))
    }
  }

  @Test("Answers what the coordinator has put out last, and before that says to wait")
  func pages() throws {
    let served = try Served()
    #expect(try LoopbackReader.get("/metrics", port: served.port).status == 503)
    var status = try ViewFixture.status()
    served.put(status)
    let metrics = try LoopbackReader.get("/metrics", port: served.port)
    #expect(metrics.status == 200)
    #expect(metrics.head.contains("Content-Type: text/plain; version=0.0.4"))
    #expect(try Samples(metrics.body)["vaesweep_points{state=\"ok\"}"] == 18)
    let view = SweepView(status)
    for (path, json) in [
      ("/api/status", view.json), ("/api/summary", view.summaryJSON),
      ("/api/points", view.pointsJSON),
    ] {
      let page = try LoopbackReader.get(path, port: served.port)
      #expect(page.status == 200 && page.head.contains("Content-Type: application/json"))
      #expect(page.body == json.compact + "\n")
    }
    status.ok += 1
    served.put(status)
    let later = try LoopbackReader.get("/metrics?x=1", port: served.port)
    #expect(try Samples(later.body)["vaesweep_points{state=\"ok\"}"] == 19)
  }

  @Test("Knows its own pages alone, and only tells")
  func others() throws {
    let served = try Served()
    served.put(try ViewFixture.status())
    for path in ["/api", "/../etc/passwd", "/%2e%2e/etc/passwd", "//metrics"] {
      #expect(try LoopbackReader.get(path, port: served.port).status == 404, "\(path)")
    }
    #expect(try LoopbackReader.get("/metrics", port: served.port, method: "POST").status == 405)
    let head = try LoopbackReader.get("/metrics", port: served.port, method: "HEAD")
    #expect(head.status == 200 && head.body.isEmpty)
  }

  @Test("With a token nothing is told without it, not even what pages there are")
  func token() throws {
    let served = try Served(token: Self.token)
    served.put(try ViewFixture.status())
    for path in ["/", "/metrics", "/nothing", "/metrics?token=wrong"] {
      let refused = try LoopbackReader.get(path, port: served.port)
      #expect(refused.status == 401 && refused.head.contains("WWW-Authenticate: Bearer"))
      #expect(!refused.body.contains("vaesweep_"))
    }
    #expect(try LoopbackReader.get("/metrics?token=\(Self.token)", port: served.port).status == 200)
    let bearer = try LoopbackReader.get(
      "/metrics", port: served.port, headers: ["Authorization: Bearer \(Self.token)"])
    #expect(bearer.status == 200)
  }

  @Test(
    "The page is there before the coordinator, of one piece, and may ask nobody else for anything")
  func page() throws {
    let served = try Served()
    let page = try LoopbackReader.get("/", port: served.port)
    #expect(page.status == 200 && page.head.contains("Content-Type: text/html; charset=utf-8"))
    #expect(try LoopbackReader.get("/api/page", port: served.port).status == 503)
    let policy = try #require(page.head.firstMatch(of: /Content-Security-Policy: (.*)/)).1
    #expect(policy.hasPrefix("default-src 'none'; connect-src 'self'; "))
    let script = try #require(page.body.firstMatch(of: /(?s)<script>(.*)<\/script>/)).1
    let digest = Data(SHA256.hash(data: Data(script.utf8))).base64EncodedString()
    #expect(policy.contains("script-src 'sha256-\(digest)'"))
    // But for the name of SVG, and its own paths.
    let addresses = page.body.matches(of: /(?:https?:)?\/\/[a-z0-9.]+[^\s"']*/).map { String($0.0) }
    #expect(addresses.filter { $0.contains("://") } == ["http://www.w3.org/2000/svg"])
    #expect(!page.body.contains(" src=") && !page.body.contains("@import"))
    #expect(page.body.contains("<noscript>") && page.body.contains("href=\"api/summary\""))
    #expect(page.body.utf8.count < 80_000)
  }

  @Test("Who has an answer already is not sent it again")
  func unchanged() throws {
    let served = try Served()
    served.put(try ViewFixture.status())
    let first = try LoopbackReader.get("/api/page", port: served.port)
    let tag = try #require(first.head.firstMatch(of: /ETag: ("\S+")/)).1
    let again = ["If-None-Match: \(tag)"]
    let same = try LoopbackReader.get("/api/page", port: served.port, headers: again)
    #expect(same.status == 304 && same.body.isEmpty)
    served.put(try ViewFixture.status())
    let next = try LoopbackReader.get("/api/page", port: served.port, headers: again)
    #expect(next.status == 200 && next.body == first.body)
  }

  @Test("A browser that has shown the token needs it in the address no more")
  func cookie() throws {
    let served = try Served(token: Self.token)
    let page = try LoopbackReader.get("/?token=\(Self.token)", port: served.port)
    let cookie = try #require(page.head.firstMatch(of: /Set-Cookie: ([^;]*);/)).1
    let again = ["Cookie: other=1; \(cookie)"]
    let second = try LoopbackReader.get("/", port: served.port, headers: again)
    #expect(second.status == 200 && !second.head.contains("Set-Cookie"))
    #expect(!page.body.contains(Self.token))
    #expect(try LoopbackReader.get("/", port: served.port).status == 401)
  }

  @Test("A port that is taken is told at once")
  func taken() throws {
    let served = try Served()
    let pages = DashboardPages(
      SweepBoard(), program: ProgramFacts(version: "0.1.0", trainerVersion: 1))
    let error = #expect(throws: DashboardError.self) {
      try DashboardServer(
        at: served.server.address, rule: try AccessRule(token: nil), pages: pages)
    }
    #expect(error.map { "\($0)".contains("127.0.0.1:\(served.port): ") } == true)
  }

  @Test("Readers that never read keep neither the coordinator nor other readers waiting")
  func slowReaders() throws {
    var limits = DashboardServer.Limits()
    limits.patience = .seconds(2)
    let served = try Served(limits: limits)
    var status = try ViewFixture.status()
    status.alerts = Array(repeating: String(repeating: "x", count: 100), count: 200)
    served.put(status)
    // Together more than the kernel takes in for somebody who does not read.
    let ask = "GET /api/status HTTP/1.1\r\nHost: localhost\r\n\r\n"
    let slow = try (0..<30).map { _ in
      let reader = try LoopbackReader(port: served.port, window: 4096)
      reader.send(String(repeating: ask, count: 1000))
      return reader
    }
    let silent = try (0..<30).map { _ in try LoopbackReader(port: served.port) }
    for _ in 0..<10_000 { served.put(status) }
    status.ok = 20
    served.put(status)
    let page = try LoopbackReader.get("/metrics", port: served.port)
    #expect(try Samples(page.body)["vaesweep_points{state=\"ok\"}"] == 20)
    // They are hung up on, in the middle of what they asked for or before they have asked.
    for reader in slow {
      #expect(reader.isHungUp(within: 60_000))
      #expect(try reader.readToEnd().count < 20_000_000)
    }
    for reader in silent { #expect(try reader.readToEnd().isEmpty) }
  }

  @Test("More readers than it takes are hung up on, and when they are gone it answers again")
  func manyReaders() throws {
    var limits = DashboardServer.Limits()
    limits.connections = 4
    limits.patience = .seconds(5)
    let served = try Served(limits: limits)
    served.put(try ViewFixture.status())
    let silent = try (0..<20).map { _ in try LoopbackReader(port: served.port) }
    for reader in silent { #expect(try reader.readToEnd().isEmpty) }
    #expect(try LoopbackReader.get("/metrics", port: served.port).status == 200)
  }

  @Test("What is no request at all ends its own connection and nothing else")
  func noise() throws {
    let served = try Served()
    served.put(try ViewFixture.status())
    for noise in [
      "\r\n\r\n", "GET\r\n\r\n", "\u{0}\u{1}\u{2}\n\n",
      "GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
    ] {
      let reader = try LoopbackReader(port: served.port)
      reader.send(noise)
      _ = try reader.readToEnd()
    }
    #expect(try LoopbackReader.get("/metrics", port: served.port).status == 200)
  }

  @Test("Of a request that does not end no more is taken in than a bound, whatever it consists of")
  func endlessHeads() throws {
    let served = try Served()
    served.put(try ViewFixture.status())
    let much = 64_000_000
    for (start, more) in [
      ("GET /", "x"), ("GET / HTTP/1.1\r\nX: ", "x"), ("GET / HTTP/1.1\r\n", "a: b\r\n"),
    ] {
      let reader = try LoopbackReader(port: served.port)
      let text = start + String(repeating: more, count: much / more.utf8.count)
      // What the kernel keeps between the two is some megabytes.
      #expect(reader.send(text) < much / 2)
      let answer = String(decoding: try reader.readToEnd(), as: UTF8.self)
      #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 431 "), "\(answer)")
    }
    let long = ["X: " + String(repeating: "x", count: 15_000)]
    #expect(try LoopbackReader.get("/metrics", port: served.port, headers: long).status == 200)
    let tooLong = ["X: " + String(repeating: "x", count: 16_384)]
    #expect(try LoopbackReader.get("/metrics", port: served.port, headers: tooLong).status == 431)
  }

  @Test("A request that comes a byte at a time is given up after the patience for one wait")
  func drippedHead() throws {
    var limits = DashboardServer.Limits()
    limits.patience = .milliseconds(300)
    let served = try Served(limits: limits)
    let reader = try LoopbackReader(port: served.port)
    while !reader.hasAnswer(within: 50) { reader.send("G") }
    let answer = String(decoding: try reader.readToEnd(), as: UTF8.self)
    #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 408 "), "\(answer)")
  }

  @Test("Several requests over one connection are answered in turn, until one is the last")
  func severalRequests() throws {
    let served = try Served()
    served.put(try ViewFixture.status())
    let reader = try LoopbackReader(port: served.port)
    let ask = { (path: String, more: String) in
      "GET \(path) HTTP/1.1\r\nHost: localhost\r\n\(more)\r\n"
    }
    let last = ask("/", "Connection: close\r\n")
    reader.send(ask("/", "") + ask("/nothing", "") + last + ask("/", ""))
    let answers = String(decoding: try reader.readToEnd(), as: UTF8.self)
      .split(separator: "HTTP/1.1 ").map { $0.prefix(3) }
    #expect(answers == ["200", "404", "200"])
    for twice in [
      "Host: localhost\r\nHost: evil.example", "Content-Length: 1\r\nContent-Length: 2",
    ] {
      let reader = try LoopbackReader(port: served.port)
      reader.send("GET / HTTP/1.1\r\n\(twice)\r\n\r\n")
      #expect(String(decoding: try reader.readToEnd(), as: UTF8.self).hasPrefix("HTTP/1.1 400 "))
    }
  }
}
