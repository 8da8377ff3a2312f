import Foundation
import TestSupport
import Testing

/// Foundation crashes when it starts a program while some 1,350 files are open, and the tests of one run
/// start more programs than that.
@Suite("A program that a test runs")
struct RunningProgramTests {
  @Test("leaves no pipe open")
  func pipes() throws {
    let folder = try TemporaryFolder()
    let program = try RunningProgram(
      "/bin/sh", ["-c", "exec readlink /proc/self/fd/1 /proc/self/fd/2"], in: folder)
    #expect(try program.waitForEnd() == 0)
    let pipes = Set(program.output.split(separator: "\n").map(String.init))
    #expect(pipes.count == 2 && pipes.allSatisfy { $0.hasPrefix("pipe:[") }, "\(program.output)")
    let own = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
    let open = own.compactMap {
      try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")
    }
    #expect(pipes.isDisjoint(with: open))
  }
}
