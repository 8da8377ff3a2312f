import Foundation
import TestSupport
import Testing

/// The page at `/` of --http in a real browser, beside a real sweep.
@Suite("The live page", .serialized)
struct LivePageTests {
  private let program: Program

  init() throws { program = try Program() }

  /// Two short runs of each net and two that take longer than any test.
  private func writeSweep() throws -> String {
    let text = """
      name: page
      dataset: digits:2000:500
      grid:
        architecture: [784-16-2, 784-16-8-3]
        epochs: [2, 10000]
        seed: 0..1
      """
    return try program.folder.write(Array(text.utf8), to: "page.yaml")
  }

  private func start(_ sweep: String, _ options: String...) throws -> RunningProgram {
    try RunningProgram(
      Program.path,
      [
        "coordinator", sweep, "--store", "page.sqlite", "--bind", "tcp://127.0.0.1:*", "--http",
        "127.0.0.1:0",
      ] + options, in: program.folder, environment: program.environment)
  }

  private func port(of coordinator: RunningProgram) throws -> UInt16 {
    try coordinator.waitForError(containing: "to look at it")
    let found = coordinator.errors.firstMatch(of: /to look at it[^\n]*:(\d+)\//)
    return try #require(found.flatMap { UInt16($0.1) })
  }

  /// Rows of a part of /api/page, as soon as there is one.
  private func rows(_ part: String, _ port: UInt16) throws -> [[String: Any]] {
    let response = try LoopbackReader.get("/api/page", port: port)
    guard response.status == 200 else { return [] }
    let json = try JSONSerialization.jsonObject(with: Data(response.body.utf8))
    let rows = ((json as? [String: Any])?[part] as? [String: Any])?["rows"]
    return rows as? [[String: Any]] ?? []
  }

  private func count(_ pattern: some RegexComponent, in document: String) -> Int {
    document.matches(of: pattern).count
  }

  @Test(
    "Shows counts, every finished run as a dot, curves of running points, hosts and workers",
    Requirement.program(Browser.program))
  func shows() throws {
    let coordinator = try start(try writeSweep())
    let port = try port(of: coordinator)
    let empty = try Browser.visit(
      "http://127.0.0.1:\(port)/", in: program.folder, reaching: "127.0.0.1", seconds: 5)
    #expect(empty.console == [])
    #expect(empty.document.contains("0 of 8 points") && empty.document.contains("no worker"))
    #expect(empty.document.contains("No run has ended yet."))
    #expect(count(/class="run"/, in: empty.document) == 0)
    let worker = try program.start(
      "worker", "--connect", try program.endpoint(of: coordinator), "--slots", "8")
    // Both short runs of each net, and two epochs of each long one.
    var isReady = false
    while !isReady {
      try #require(!coordinator.hasEnded && !worker.hasEnded, "\(coordinator.errors)")
      let dots = try rows("summary", port).reduce(0) { $0 + (($1["dots"] as? [Any])?.count ?? 0) }
      let curves = try rows("curves", port).filter {
        ($0["epochs"] as? [Any])?.count ?? 0 >= 2 && $0["running"] as? Bool == true
      }
      isReady = dots == 4 && curves.count == 4
    }
    let visit = try Browser.visit(
      "http://127.0.0.1:\(port)/", in: program.folder, reaching: "127.0.0.1", seconds: 20)
    let document = visit.document
    #expect(visit.console == [])
    #expect(document.contains("<title>50 % page</title>"))
    #expect(document.contains("50 %, 4 of 8 points") && document.contains("4 running"))
    #expect(count(/class="run"/, in: document) == 4)
    #expect(count(/class="mean"/, in: document) == 2)
    #expect(document.contains("784-16-2,</span><span class=\"piece\">epochs=2</span>"))
    // Two charts, each with two points that run.
    #expect(count(#/<figure /#, in: document) == 2)
    #expect(count(/class="line running"/, in: document) == 4)
    #expect(document.contains(/class="name"[^>]*>[^<]+<\/span><svg[^>]*><path class="ground"/))
    #expect(count(/class="host"/, in: document) == 1)
    let table = try #require(document.firstMatch(of: /(?s)id="workers".*<tbody>(.*)<\/tbody>/)).1
    #expect(
      count(#/<tr /#, in: String(table)) == 1
        && table.contains(/<td class="number" data-label="slots">8<\/td>/))
    #expect(!document.contains(/id="failures"[^>]*><h2/))
    coordinator.send(SIGTERM)
    try coordinator.waitForEnd()
    worker.send(SIGTERM)
    try worker.waitForEnd()
  }

  @Test(
    "A token is gone from the address, and without it nothing is shown",
    Requirement.program(Browser.program))
  func token() throws {
    let coordinator = try start(try writeSweep(), "--http-token", "a-token-of-my-own")
    let port = try port(of: coordinator)
    let headers = ["Authorization: Bearer a-token-of-my-own"]
    while try LoopbackReader.get("/api/page", port: port, headers: headers).status == 503 {
      try #require(!coordinator.hasEnded, "\(coordinator.errors)")
    }
    let visit = try Browser.visit(
      "http://127.0.0.1:\(port)/?token=a-token-of-my-own", in: program.folder,
      reaching: "127.0.0.1", seconds: 5)
    #expect(visit.console == [])
    #expect(visit.document.contains("0 of 8 points"))
    #expect(!visit.document.contains("a-token-of-my-own"))
    let refused = try Browser.visit(
      "http://127.0.0.1:\(port)/", in: TemporaryFolder(), reaching: "127.0.0.1", seconds: 5)
    #expect(refused.document.contains("the token is wanted"))
    coordinator.send(SIGTERM)
    try coordinator.waitForEnd()
  }
}
