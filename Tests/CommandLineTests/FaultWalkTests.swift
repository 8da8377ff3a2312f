import Foundation
import TestSupport
import Testing

@Suite("A system that fails at the n-th call", .serialized)
struct FaultWalkTests {
  /// strace's way to say it, without `--seccomp-bpf`, which drops signals without a word.
  private static let faults = [
    "fdatasync:error=EIO", "fdatasync:signal=KILL", "unlink:error=EIO", "unlink:signal=KILL",
    "pwrite64:error=EIO", "pwrite64:error=ENOSPC", "pwrite64:signal=KILL",
  ]

  /// Early and late in the life of the store.
  private static let places = [2, 9]

  @Test(
    "costs a run at most its time: the next one ends with the same results",
    Requirement.program("strace"), arguments: faults)
  func walk(fault: String) throws {
    let program = try Program()
    let sweep = try program.writeSweep(seeds: "0..3", epochs: 1)
    let whole = try program.run("run", sweep, "--store", "whole.sqlite")
    #expect(whole.status == 0, "\(whole.errors)")
    let expected = try program.results("whole.sqlite")
    let call = fault.prefix { $0 != ":" }
    for place in Self.places {
      let name = "s\(place).sqlite"
      let run = try RunningProgram(
        "/usr/bin/strace",
        [
          "-f", "-qq", "-o", "/dev/null", "-e", "trace=\(call)", "-e",
          "inject=\(fault):when=\(place)", Program.path, "run", sweep, "--store", name,
        ], in: program.folder, environment: program.environment)
      let status = try run.waitForEnd()
      if status == 0 {
        // It fell on something that may fail, such as what is removed at a whim.
        #expect(try program.results(name) == expected, "\(fault) at \(place): \(run.errors)")
      } else {
        #expect(
          status == 1 || status == 128 + SIGKILL, "\(fault) at \(place): \(status) \(run.errors)")
      }
      let next = try program.run("run", sweep, "--store", name)
      #expect(next.status == 0, "\(fault) at \(place), then: \(next.errors)")
      #expect(try program.results(name) == expected, "\(fault) at \(place)")
    }
  }
}
