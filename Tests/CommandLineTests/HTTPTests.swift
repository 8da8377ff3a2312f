import Foundation
import TestSupport
import Testing

/// The page's server beside a real sweep, in real processes.
@Suite("--http", .serialized)
struct HTTPTests {
  private let program: Program

  init() throws { program = try Program() }

  /// The port that a program says it serves at.
  private func port(of served: RunningProgram) throws -> UInt16 {
    try served.waitForError(containing: "to look at it")
    let found = served.errors.firstMatch(of: /to look at it[^\n]*: http:\/\/[^\/\n]*:(\d+)\//)
    guard let port = found.flatMap({ UInt16($0.1) }) else {
      throw CommandFailure("no port in \(served.errors)")
    }
    return port
  }

  /// Samples of /metrics by name and labels, as soon as there are any.
  private func metrics(_ port: UInt16) throws -> [String: Double] {
    var response = try LoopbackReader.get("/metrics", port: port)
    while response.status == 503 { response = try LoopbackReader.get("/metrics", port: port) }
    #expect(response.status == 200)
    var values: [String: Double] = [:]
    for line in response.body.split(separator: "\n") where !line.hasPrefix("#") {
      let parts = line.split(separator: " ")
      values[String(parts[0])] = Double(parts[1])
    }
    return values
  }

  private func json(_ path: String, _ port: UInt16) throws -> [String: Any] {
    let response = try LoopbackReader.get(path, port: port)
    #expect(response.status == 200)
    return try JSONSerialization.jsonObject(with: Data(response.body.utf8)) as? [String: Any] ?? [:]
  }

  @Test("Tells of a sweep while it runs, also beside a reader that has stopped reading")
  func sweep() throws {
    let sweep = try program.writeSweep(seeds: "0..4", epochs: 60)
    let coordinator = try program.start(
      "coordinator", sweep, "--store", "small.sqlite", "--bind", "tcp://127.0.0.1:*", "--http",
      "127.0.0.1:0", "--linger", "1h")
    let port = try port(of: coordinator)
    var before = try metrics(port)
    #expect(before["vaesweep_points{state=\"waiting\"}"] == 10)
    #expect(before["vaesweep_workers{state=\"training\"}"] == 0)
    let ask =
      "GET /api/status HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: keep-alive\\r\\n\\r\\n"
    let reader = try RunningProgram(
      "/bin/bash",
      [
        "-c",
        "exec 3<>/dev/tcp/127.0.0.1/\(port); printf '\(ask)' >&3; echo asked >&2; kill -STOP $$; cat <&3",
      ], in: program.folder)
    try reader.waitForError(containing: "asked")
    let endpoint = try program.endpoint(of: coordinator)
    let worker = try program.start("worker", "--connect", endpoint, "--slots", "1")
    try coordinator.waitForFirstResult()
    // It stands still in the middle until that has been seen, however slow the readers are.
    worker.send(SIGSTOP)
    var isInTheMiddle = false
    while before["vaesweep_outcomes_total{status=\"ok\"}"] != 10 {
      let now = try metrics(port)
      for (name, value) in before where name.contains("_total") || name.hasSuffix("_count") {
        #expect(now[name].map { $0 >= value } == true, "\(name) went back from \(value)")
      }
      before = now
      if let ok = now["vaesweep_points{state=\"ok\"}"], 0 < ok, ok < 10, !isInTheMiddle {
        isInTheMiddle = true
        worker.send(SIGCONT)
      }
      guard !coordinator.hasEnded else { break }
    }
    #expect(isInTheMiddle, "it tells nothing while it runs")
    #expect(before["vaesweep_points{state=\"ok\"}"] == 10)
    #expect(before["vaesweep_point_duration_seconds_count"] == 10)
    #expect(before["vaesweep_commit_duration_seconds_count"].map { $0 > 0 } == true)
    // Sixty epochs of 2,000 images each.
    #expect(before["vaesweep_images_trained_total"].map { $0 > 0 && $0 <= 1_200_000 } == true)
    let status = try json("/api/status", port)
    #expect((status["points"] as? [String: Int])?["ok"] == 10)
    var summary = try json("/api/summary", port)
    // The summary is kept on a thread of its own, which may be a moment behind.
    while (summary["configurations"] as? [[String: Any]])?.first?["ok"] as? Int != 5 {
      guard !coordinator.hasEnded else { break }
      summary = try json("/api/summary", port)
    }
    let rows = summary["configurations"] as? [[String: Any]] ?? []
    #expect(rows.map { $0["planned"] as? Int } == [5, 5])
    let table = try program.run("summary", "small.sqlite", "--format", "json")
    let whole = try JSONSerialization.jsonObject(with: Data(table.output.utf8)) as? [[String: Any]]
    for (row, configuration) in zip(rows, whole ?? []) {
      let error = configuration["test_total_last5"] as? [String: Any]
      let means = [row["mean"], error?["mean"]].map { $0 as? Double ?? .nan }
      #expect(abs(means[0] - means[1]) < 1e-9)
    }
    #expect(try json("/api/points", port)["failed"] as? [String] == [])
    #expect(try LoopbackReader.get("/", port: port, headers: ["Host: evil.example"]).status == 403)
    // The reader, where it goes on, finds what it asked for or a connection that has ended.
    reader.send(SIGCONT)
    coordinator.send(SIGTERM)
    try coordinator.waitForEnd()
    try worker.waitForEnd()
    try reader.waitForEnd()
    #expect(!coordinator.errors.contains("crashed"))
  }

  @Test("Images that a worker before had trained are counted once")
  func handedOver() throws {
    let coordinator = try program.start(
      "coordinator", try program.writeSweep(seeds: "0", epochs: 500), "--store", "small.sqlite",
      "--bind", "tcp://127.0.0.1:*", "--http", "127.0.0.1:0", "--linger", "1h", "--lease", "8s",
      "--checkpoint-every", "1s")
    let port = try port(of: coordinator)
    let endpoint = try program.endpoint(of: coordinator)
    let images = "vaesweep_images_trained_total"
    let first = try program.start("worker", "--connect", endpoint, "--slots", "2")
    try StateWait.until("images of the first worker") { try metrics(port)[images] ?? 0 > 0 }
    first.send(SIGTERM)
    #expect(try first.waitForEnd() == 0, "\(first.errors)")
    try coordinator.waitForError(containing: ") left")
    let second = try program.start("worker", "--connect", endpoint, "--slots", "2")
    try StateWait.until("the outcomes") {
      try metrics(port)["vaesweep_outcomes_total{status=\"ok\"}"] == 2
    }
    #expect(second.errors.contains("goes on from step"), "\(second.errors)")
    // Two points of 500 epochs with 2,000 images each.
    #expect(try metrics(port)[images].map { 1_990_000 <= $0 && $0 <= 2_000_000 } == true)
    coordinator.send(SIGTERM)
    try coordinator.waitForEnd()
    try second.waitForEnd()
  }

  @Test("run serves too, and promtool finds nothing to say", Requirement.program("promtool"))
  func run() throws {
    let run = try program.start(
      "run", try program.writeSweep(epochs: 10_000), "--workers", "1", "--http", "localhost:0")
    let port = try port(of: run)
    _ = try metrics(port)
    let text = try LoopbackReader.get("/metrics", port: port).body
    let file = try program.folder.write(Array(text.utf8), to: "metrics")
    let check = try RunningProgram(
      "/bin/sh", ["-c", "promtool check metrics < \"$0\"", file], in: program.folder)
    #expect(try check.waitForEnd() == 0 && check.errors.isEmpty, "\(check.errors)")
    run.send(SIGTERM)
    #expect(try run.waitForEnd() == 130, "\(run.errors)")
  }

  @Test("Beyond loopback whoever reads must know a token, which is made where none is given")
  func token() throws {
    let sweep = try program.writeSweep(seeds: "0")
    let coordinator = try program.start(
      "coordinator", sweep, "--store", "s.sqlite", "--bind", "tcp://127.0.0.1:*", "--http", "*:0")
    let port = try port(of: coordinator)
    let token = try #require(coordinator.errors.firstMatch(of: /\?token=([0-9a-f]{32})\n/)).1
    #expect(try LoopbackReader.get("/metrics", port: port).status == 401)
    #expect(try LoopbackReader.get("/nothing?token=x", port: port).status == 401)
    #expect(try LoopbackReader.get("/nothing?token=\(token)", port: port).status == 404)
    #expect(coordinator.errors.contains("is not encrypted"))
    coordinator.send(SIGTERM)
    #expect(try coordinator.waitForEnd() == 130)
    // The address that is printed is one for other hosts.
    #expect(!coordinator.errors.contains("//0.0.0.0"), "\(coordinator.errors)")
  }

  @Test("A token of one's own is seen by nobody else", arguments: [false, true])
  func ownToken(inFile: Bool) throws {
    let sweep = try program.writeSweep(seeds: "0")
    let token = "a-token-of-my-own"
    let file = try program.folder.write(Array("\(token)\n".utf8), to: "token")
    chmod(file, 0o644)
    let own = try program.start(
      "coordinator", sweep, "--store", "s.sqlite", "--bind", "tcp://127.0.0.1:*", "--http",
      "127.0.0.1:0", "--http-token", inFile ? "@\(file)" : token)
    let its = try self.port(of: own)
    #expect(!own.errors.contains(token))
    let arguments = try Data(contentsOf: URL(filePath: "/proc/\(own.process)/cmdline"))
    #expect(!String(decoding: arguments, as: UTF8.self).contains(token))
    #expect(own.errors.contains("chmod 600") == inFile, "\(own.errors)")
    #expect(try LoopbackReader.get("/metrics", port: its).status == 401)
    let headers = ["Authorization: Bearer \(token)"]
    #expect(try LoopbackReader.get("/metrics", port: its, headers: headers).status != 401)
    own.send(SIGTERM)
    #expect(try own.waitForEnd() == 130)
  }

  @Test(
    "An address that is none is bad input, before anything is made",
    arguments: [
      (["--http", "8757"], "it has no port"),
      (["--http", "host.example:80"], "no numeric address"),
      (["--http", "127.0.0.1:99999"], "its port is none"),
      (["--http-token", "abcdefghij0123456789"], "without --http"),
      (["--http", "127.0.0.1:0", "--http-token", "short"], "a token has 16 to 256"),
      (["--http", "127.0.0.1:0", "--http-token", "@nowhere"], "--http-token: cannot read nowhere"),
      (["--http", "127.0.0.1:0", "--http-token", "@/dev/null"], "a token has 16 to 256"),
    ])
  func badInput(options: [String], complaint: String) throws {
    let sweep = try program.writeSweep()
    for command in [["coordinator", sweep, "--store", "s.sqlite"], ["run", sweep]] {
      let run = try program.run(command + options)
      #expect(run.status == 2 && run.errors.contains(complaint), "\(run.errors)")
      #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
    }
    #expect(program.folder.names() == ["small.yaml"])
  }

  @Test("A port that is taken ends it, and no store is made")
  func taken() throws {
    let sweep = try program.writeSweep()
    let first = try program.start(
      "coordinator", sweep, "--store", "first.sqlite", "--bind", "tcp://127.0.0.1:*", "--http",
      "127.0.0.1:0")
    let address = "127.0.0.1:\(try port(of: first))"
    let second = try program.run(
      "coordinator", sweep, "--store", "second.sqlite", "--bind", "tcp://127.0.0.1:*", "--http",
      address)
    #expect(second.status == 1)
    #expect(second.errors.contains("cannot listen at \(address): "), "\(second.errors)")
    #expect(!program.folder.names().contains("second.sqlite"))
    first.send(SIGTERM)
    #expect(try first.waitForEnd() == 130)
  }
}
