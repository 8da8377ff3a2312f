import Foundation
import TestSupport
import Testing

@Suite("Logs", .serialized)
struct LogTests {
  private let program: Program

  init() throws { program = try Program() }

  /// Every line of standard error, each as the object that it is.
  private func objects(_ errors: String) throws -> [[String: String]] {
    try errors.split(separator: "\n").map { line in
      let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String]
      return try #require(object, "no object: \(line)")
    }
  }

  /// Whether a time is one of RFC 3339 with its offset.
  private func isTime(_ text: String?) -> Bool {
    let time = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)/
    return text?.wholeMatch(of: time) != nil
  }

  private func check(_ lines: [[String: String]]) {
    for line in lines {
      #expect(isTime(line["time"]), "\(line)")
      #expect(["info", "warning", "error"].contains(line["level"]), "\(line)")
      #expect(line["message"]?.isEmpty == false, "\(line)")
      let known: Set = ["time", "level", "message", "worker", "host", "point", "attempt"]
      #expect(known.isSuperset(of: line.keys), "\(line)")
    }
  }

  private func isRunning(_ endpoint: String) throws -> Bool {
    try program.run("status", "--connect", endpoint, "--format", "json").output
      .contains(/"running": ?[1-9]/)
  }

  @Test("Every line of a whole sweep is one object with --log-format json, its worker's lines too")
  func run() throws {
    let sweep = try program.writeSweep()
    let run = try program.run(
      "run", sweep, "--workers", "2", "--log-format", "json", "--log-attempts", "--http",
      "127.0.0.1:0")
    #expect(run.status == 0, "\(run.errors)")
    let lines = try objects(run.errors)
    check(lines)
    let granted = lines.filter { $0["message"]?.contains("is granted") == true }
    let ended = lines.filter { $0["message"]?.contains("has its outcome: ok") == true }
    #expect(granted.count == 16 && ended.count == 16)
    let attempts = Set(granted.compactMap { $0["attempt"] })
    #expect(attempts.count == 16 && attempts == Set(ended.compactMap { $0["attempt"] }))
    for line in granted + ended {
      #expect(line["point"]?.wholeMatch(of: /[0-9a-f]{64}/) != nil, "\(line)")
      #expect(line["worker"].map { $0.hasPrefix((line["host"] ?? "-") + " (process ") } == true)
    }
    // What the worker itself says bears its name as well.
    #expect(
      lines.contains {
        $0["message"]?.contains("joining sweep small") == true && $0["worker"] != nil
      })
  }

  @Test("A lost attempt is one line that names its worker, point and attempt, in text and in JSON")
  func lost() throws {
    let sweep = try program.writeSweep(seeds: "0..1", epochs: 400)
    for format in ["json", "text"] {
      let coordinator = try program.start(
        "coordinator", sweep, "--store", "\(format).sqlite", "--bind", "tcp://127.0.0.1:*",
        "--lease", "5s", "--log-format", format, "--log-attempts")
      let endpoint = try program.endpoint(of: coordinator)
      let worker = try program.start(
        "worker", "--connect", endpoint, "--slots", "1", "--log-format", format)
      // What a heartbeat has told of is lost; what never began would only be handed back.
      while try !isRunning(endpoint) && !coordinator.hasEnded {}
      worker.send(SIGKILL)
      try worker.waitForEnd()
      try coordinator.waitForError(containing: "fell silent")
      coordinator.send(SIGTERM)
      #expect(try coordinator.waitForEnd() == 130)
      let told = coordinator.errors.split(separator: "\n").filter { $0.contains("fell silent") }
      let line = try #require(told.first)
      if format == "json" {
        let lines = try objects(coordinator.errors)
        check(lines)
        check(try objects(worker.errors))
        let lost = try objects(String(line))[0]
        #expect(lost["level"] == "warning")
        #expect(["worker", "point", "attempt"].allSatisfy { lost[$0] != nil }, "\(lost)")
        let end = try #require(lines.last)
        #expect(end["level"] == "error" && end["message"]?.contains("interrupted") == true)
      } else {
        #expect(
          line.contains(
            /warning: attempt 1 of 3 at point .* \([0-9a-f]{12}\) lost: .* fell silent \[attempt 1\.\d+\]/
          ), "\(line)")
      }
    }
  }

  @Test("What the program complains of before it has begun is an object too")
  func complaints() throws {
    for arguments in [
      ["run", "nothing.yaml", "--log-format", "json"], ["run", "--log-format=json"],
      ["worker", "--log-format", "json", "--connect", "nowhere"],
      ["status", "--connect", "tcp://127.0.0.1:1", "--log-format", "json"],
    ] {
      let run = try program.run(arguments)
      let lines = try objects(run.errors)
      check(lines)
      #expect(run.status > 0 && lines.count == 1 && lines[0]["level"] == "error", "\(run.errors)")
    }
    let wrong = try program.run("run", "x.yaml", "--log-format", "xml")
    #expect(wrong.status == 2 && wrong.errors.contains("'text'") && wrong.errors.contains("'json'"))
    #expect(wrong.errors.split(separator: "\n").count == 1, "\(wrong.errors)")
  }
}
