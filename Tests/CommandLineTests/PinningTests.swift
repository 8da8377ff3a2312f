import Foundation
import TestSupport
import Testing

/// On which CPUs real trainers run.
@Suite("--slots auto", .serialized)
struct PinningTests {
  private let program: Program

  init() throws { program = try Program() }

  /// Runs under a mask until its trainers may run on just what is expected: a trainer is there a moment
  /// before its worker keeps it to its CPU.
  private func expect(_ expected: [String], under mask: String, _ workers: [String]) throws {
    let sweep = try program.writeSweep(seeds: "0..7", epochs: 10_000)
    let run = try RunningProgram(
      "/usr/bin/env", ["taskset", "-c", mask, Program.path, "run", sweep] + workers,
      in: program.folder, environment: program.environment)
    try run.waitForError(containing: "joining sweep")
    let count = try #require(run.errors.firstMatch(of: /, (\d+) at once/)).1
    let trainers = try StateWait.value("a trainer for each slot") { () -> [Int32]? in
      let workers = try program.children(of: run.process)
      let found = try workers.flatMap { try program.children(of: $0) }
      return found.count == Int(count) ? found : nil
    }
    try StateWait.until("trainers on \(expected)") {
      let masks = try trainers.map { trainer in
        let status = try String(contentsOfFile: "/proc/\(trainer)/status", encoding: .utf8)
        return String(try #require(status.firstMatch(of: /Cpus_allowed_list:\s*(\S+)/)).1)
      }
      return masks.sorted() == expected
    }
    run.send(SIGTERM)
    #expect(try run.waitForEnd() == 130)
  }

  @Test(
    "keeps one trainer to each CPU of the mask, and a number to none",
    Requirement.program("taskset"),
    Requirement.requirement("needs two CPUs") { ProcessInfo.processInfo.activeProcessorCount > 1 })
  func kept() throws {
    try expect(["0", "1"], under: "0,1", ["--workers", "auto"])
    try expect(["0-1", "0-1"], under: "0,1", ["--workers", "2"])
    try expect(["1"], under: "1", [])
  }
}
