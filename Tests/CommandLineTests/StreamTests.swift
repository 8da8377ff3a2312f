import Foundation
import TestSupport
import Testing

@Suite("Standard streams")
struct StreamTests {
  /// Runs the program under a shell that redirects its streams.
  private func shell(_ program: Program, _ line: String) throws -> (status: Int32, errors: String) {
    let run = try RunningProgram(
      "/bin/sh", ["-c", line, "sh", Program.path], in: program.folder,
      environment: program.environment)
    return (try run.waitForEnd(), run.errors)
  }

  @Test(
    "that take no messages stop no sweep",
    arguments: ["2>/dev/full", "2>&-", "2>&- <&-"])
  func deafErrors(redirection: String) throws {
    let program = try Program()
    let sweep = try program.writeSweep(seeds: "0..1")
    let run = try shell(program, "\"$1\" run '\(sweep)' \(redirection)")
    #expect(run.status == 0, "\(run.errors)")
    #expect(try program.results("small.sqlite").count == 4)
  }

  @Test("that take no results make them an error of one line")
  func deafOutput() throws {
    let program = try Program()
    let sweep = try program.writeSweep(seeds: "0..1")
    #expect(try program.run("run", sweep).status == 0)
    let commands = [
      "export small.sqlite", "export small.sqlite --history --format jsonl",
      "summary small.sqlite", "status --store small.sqlite", "plan '\(sweep)'", "--help",
      "data info digits:2000:500",
      "train --architecture 784-4-2 --seed 0 --epochs 1 --dataset digits:2000:500 --format json",
    ]
    for command in commands {
      for redirection in [">/dev/full", ">&-"] {
        let run = try shell(program, "\"$1\" \(command) \(redirection)")
        #expect(run.status == 1, "\(command) \(redirection): \(run.errors)")
        let last = run.errors.split(separator: "\n").last ?? ""
        #expect(last.hasPrefix("vaesweep: writing to standard output: "), "\(run.errors)")
      }
    }
  }

  @Test("a reader that has seen enough is no error")
  func impatientReader() throws {
    let program = try Program()
    let sweep = try program.writeSweep(seeds: "0..40", epochs: 8)
    #expect(try program.run("run", sweep).status == 0)
    let run = try shell(
      program, "(\"$1\" export small.sqlite --history --format jsonl; echo $? >&2) | head -n 1")
    #expect(run.status == 0)
    #expect(run.errors == "0\n")
  }
}
