import Foundation
import TestSupport
import Testing

@Suite("status --watch", .serialized)
struct WatchTests {
  private let program: Program

  init() throws { program = try Program() }

  private func coordinator(_ sweep: String) throws -> (RunningProgram, endpoint: String) {
    let coordinator = try program.start(
      "coordinator", sweep, "--store", "small.sqlite", "--bind", "tcp://127.0.0.1:*")
    return (coordinator, try program.endpoint(of: coordinator))
  }

  @Test("Follows a sweep from before its first worker to its end, and ends as status does")
  func follow() throws {
    let (coordinator, endpoint) = try coordinator(try program.writeSweep(seeds: "0..1"))
    let watch = try program.start("status", "--watch", "--connect", endpoint, "--every", "1s")
    try watch.waitForOutput(containing: "0 of 4 points")
    let stored = try program.start("status", "--watch", "--store", "small.sqlite")
    try stored.waitForOutput(containing: "0 of 4 points")
    let worker = try program.start("worker", "--connect", endpoint, "--slots", "1")
    #expect(try watch.waitForEnd() == 0, "\(watch.errors)")
    #expect(try stored.waitForEnd() == 0, "\(stored.errors)")
    #expect(try coordinator.waitForEnd() == 0, "\(coordinator.errors)")
    #expect(try worker.waitForEnd() == 0, "\(worker.errors)")
    for text in [watch.output, stored.output] {
      #expect(!text.contains("\u{1b}"))
      let last = text.components(separatedBy: "\n\nsweep ").last ?? ""
      #expect(last.contains("100 %  4 of 4 points"), "\(text)")
      #expect(last.contains("\ncomplete\n"), "\(text)")
      #expect(last.contains(/784-16-2 +2\/2 +\d+\.\d\d/), "\(text)")
      #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 })
    }
    // A store that is complete is shown once.
    let once = try program.run("status", "--watch", "--store", "small.sqlite")
    #expect(once.status == 0 && once.output.hasPrefix("sweep small, store small.sqlite"))
  }

  @Test("Ends with 3 where the sweep is complete but for points that are cancelled")
  func gaps() throws {
    let (coordinator, endpoint) = try coordinator(try program.writeSweep(seeds: "0"))
    let cancel = try program.run("control", "cancel", "--connect", endpoint)
    #expect(cancel.status == 0, "\(cancel.errors)")
    let watch = try program.run("status", "--watch", "--store", "small.sqlite")
    #expect(watch.status == 3 && watch.errors.isEmpty, "\(watch.errors)")
    #expect(watch.output.contains("2 cancelled"))
    #expect(try coordinator.waitForEnd() == 3)
  }

  @Test("Ctrl-C ends it, whether a coordinator answers or nobody does")
  func interrupted() throws {
    let (coordinator, endpoint) = try coordinator(try program.writeSweep())
    let watch = try program.start("status", "--watch", "--connect", endpoint)
    try watch.waitForOutput(containing: "of 16 points")
    watch.send(SIGINT)
    #expect(try watch.waitForEnd() == 130)
    let second = try program.start("status", "--watch", "--connect", endpoint)
    try second.waitForOutput(containing: "of 16 points")
    coordinator.send(SIGSTOP)
    try second.waitForOutput(containing: "ATTENTION: no answer for")
    second.send(SIGTERM)
    #expect(try second.waitForEnd() == 130)
    coordinator.send(SIGCONT)
    coordinator.send(SIGTERM)
    #expect(try coordinator.waitForEnd() == 130)
    let nobody = try program.run(
      "status", "--watch", "--connect", "tcp://127.0.0.1:\(try FreePort.find())")
    #expect(nobody.status == 1 && nobody.errors.contains("no coordinator answers at"))
  }

  @Test("In a terminal it stays in its place", Requirement.program("script"))
  func terminal() throws {
    let (coordinator, endpoint) = try coordinator(try program.writeSweep(seeds: "0..1"))
    let watch = try RunningProgram(
      "/usr/bin/script",
      [
        "-qec",
        "stty cols 60 rows 12; \(Program.path) status --watch --every 1s --connect \(endpoint)",
        "/dev/null",
      ],
      in: program.folder, environment: program.environment.merging(["TERM": "xterm"]) { $1 })
    try watch.waitForOutput(containing: "0 of 4 points")
    let worker = try program.start("worker", "--connect", endpoint, "--slots", "1")
    #expect(try watch.waitForEnd() == 0, "\(watch.errors)")
    #expect(watch.output.contains(/\u{1b}\[\d+A\rsweep small/), "\(watch.output.debugDescription)")
    let lines = watch.output.split(whereSeparator: \.isNewline).map {
      $0.replacing(/\u{1b}\[\d*[A-Z]/, with: "")
    }
    #expect(lines.allSatisfy { $0.count <= 60 })
    #expect(try coordinator.waitForEnd() == 0 && worker.waitForEnd() == 0)
  }

  @Test(
    "What makes no sense is told in one line",
    arguments: [
      (["--every", "2s", "--store", "x.sqlite"], "--every: without --watch"),
      (["--watch", "--store", "x.sqlite", "--format", "json"], "--format: --watch shows lines"),
      (["--watch", "--store", "x.sqlite", "--every", "0s"], "at least 1s"),
      (["--watch"], "one of --connect ENDPOINT and --store FILE"),
      (["--watch", "--store", "x.sqlite"], "there is no such file"),
    ])
  func badInput(arguments: [String], complaint: String) throws {
    let run = try program.run(["status"] + arguments)
    #expect(run.status == 2)
    #expect(
      run.errors.contains(complaint) && run.errors.split(separator: "\n").count == 1,
      "\(run.errors)")
  }
}
