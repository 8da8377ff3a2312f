import Foundation
import TestSupport
import Testing

@Suite("A report that was interrupted")
struct ReportInterruptionTests {
  /// The files of a report; what one that is being made keeps apart is none.
  private func contents(_ program: Program, _ folder: String) throws -> [String: Data] {
    var contents: [String: Data] = [:]
    for name in program.folder.names(in: folder) where name != Self.unfinished {
      contents[name] = try Data(contentsOf: URL(filePath: program.folder["\(folder)/\(name)"]))
    }
    return contents
  }

  private static let unfinished = ".unfinished-report"

  /// Kills `vaesweep report` at its call number `call` that renames a file.
  ///
  /// - Returns: Whether it was killed, and did not end before.
  private func report(_ program: Program, to folder: String, killedAt call: Int) throws -> Bool {
    let traced = try RunningProgram(
      "/usr/bin/strace",
      [
        "-f", "-qq", "-o", program.folder["trace"], "-e", "trace=rename,renameat,renameat2", "-e",
        "inject=rename,renameat,renameat2:signal=KILL:when=\(call)", Program.path, "report",
        "small.sqlite", "--out", folder,
      ], in: program.folder, environment: program.environment)
    return try traced.waitForEnd() != 0
  }

  @Test(
    "is made whole by the next one, wherever it was killed",
    Requirement.program("strace"))
  func killed() throws {
    let program = try Program()
    #expect(try program.run("run", try program.writeSweep(seeds: "0..1", epochs: 1)).status == 0)
    #expect(try program.run("report", "small.sqlite", "--out", "whole").status == 0)
    let whole = try contents(program, "whole")
    // The first call gives the list of names its place; then every file is moved, the page last.
    for call in [1, 2, 4, whole.count + 1] {
      let folder = "out\(call)"
      #expect(try report(program, to: folder, killedAt: call))
      #expect(try contents(program, folder) != whole, "killed at call \(call)")
      let again = try program.run("report", "small.sqlite", "--out", folder)
      #expect(again.status == 0, "killed at call \(call): \(again.errors)")
      #expect(try contents(program, folder) == whole, "killed at call \(call)")
      #expect(!program.folder.names(in: folder).contains(Self.unfinished))
    }
  }

  @Test(
    "leaves the one before as it was until it is whole", Requirement.program("strace"))
  func before() throws {
    let program = try Program()
    #expect(try program.run("run", try program.writeSweep(seeds: "0..1", epochs: 1)).status == 0)
    #expect(try program.run("report", "small.sqlite", "--out", "out").status == 0)
    let before = try contents(program, "out")
    #expect(try report(program, to: "out", killedAt: 1))
    #expect(try contents(program, "out") == before)
  }

  @Test("that finds a file it did not make says what to do, and touches nothing")
  func foreign() throws {
    let program = try Program()
    #expect(try program.run("run", try program.writeSweep(seeds: "0..1", epochs: 1)).status == 0)
    try program.folder.write(Array("mine".utf8), to: "out/errors.svg")
    let refused = try program.run("report", "small.sqlite", "--out", "out")
    #expect(refused.status == 1)
    #expect(refused.errors.contains("out/errors.svg was not made by vaesweep report; remove it"))
    #expect(program.folder.names(in: "out") == ["errors.svg"])
  }
}
