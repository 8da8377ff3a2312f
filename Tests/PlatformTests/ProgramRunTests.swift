import Glibc
import Platform
import TestSupport
import Testing

@Suite("A program run to its end")
struct ProgramRunTests {
  private func shell(
    _ script: String, input: [UInt8] = [], deadline: Duration = .seconds(60),
    keeping limit: Int = 1 << 20, orReadable stop: Int32? = nil
  ) throws -> ProgramRun {
    try ProgramRun.run(
      "sh", ["-c", script], input: input, deadline: deadline, keeping: limit, orReadable: stop)
  }

  @Test("tells its two outputs apart, and how it ended")
  func outputs() throws {
    let run = try shell("echo one; echo two >&2; exit 3")
    #expect(run.output.text == "one\n")
    #expect(run.errors.text == "two\n")
    #expect(run.ending == .ended(.status(3)))
    #expect(!run.succeeded)
    #expect(try shell("kill -9 $$").ending == .ended(.signal(SIGKILL)))
  }

  @Test("reads all of a large input while it writes as much")
  func largeInput() throws {
    let bytes = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0) }
    let run = try shell("cat", input: bytes)
    #expect(run.output.bytes == bytes)
    #expect(run.succeeded)
  }

  @Test("may leave its input unread")
  func unreadInput() throws {
    ProcessSignals.ignoreWriteSignals()
    let run = try shell("exec <&-; echo done", input: [UInt8](repeating: 1, count: 1_000_000))
    #expect(run.output.text == "done\n")
    #expect(run.succeeded)
  }

  @Test("keeps as much of what it says as it is told to, and counts the rest")
  func bounded() throws {
    let run = try shell("head -c 300000 /dev/zero; head -c 7 /dev/zero >&2", keeping: 1000)
    #expect(run.output.bytes.count == 1000)
    #expect(run.output.droppedBytes == 299_000)
    #expect(run.errors.bytes.count == 7)
    #expect(run.errors.droppedBytes == 0)
    #expect(run.succeeded)
  }

  @Test("is killed at its deadline with everything that it has started, deaf or not")
  func deadline() throws {
    let run = try shell(
      "trap '' TERM; sleep 600 & echo $!; echo $$; sleep 600; sleep 600",
      deadline: .milliseconds(500))
    #expect(run.ending == .tookTooLong)
    let processes = run.output.text.split(separator: "\n").compactMap { Int32($0) }
    for process in processes { #expect(Self.isGone(process), "process \(process)") }
  }

  /// A killed process that nobody has collected yet is as good as gone.
  private static func isGone(_ process: Int32) -> Bool {
    for _ in 0..<6000 {
      if ProcessTree.isGone(process) { return true }
      usleep(10_000)
    }
    return false
  }

  @Test("is not waited for by what it leaves running with its outputs open")
  func leftBehind() throws {
    let run = try shell("sleep 600 & echo $!; exit 0")
    #expect(run.ending == .ended(.status(0)))
    let left = try #require(Int32(run.output.text.split(separator: "\n").first ?? ""))
    kill(left, SIGKILL)
  }

  @Test("ends at once where its caller wants to stop")
  func stopped() throws {
    let stop = try StopSignal()
    stop.request()
    #expect(try shell("sleep 600", orReadable: stop.wakeUp.descriptor).ending == .stopped)
  }

  @Test("that is on no PATH says so")
  func missing() throws {
    let failure = #expect(throws: SystemError.self) {
      try ProgramRun.run("vaesweep-nowhere", [], deadline: .seconds(1))
    }
    #expect(
      failure?.description
        == "cannot run vaesweep-nowhere: no program of that name is on the PATH")
  }

  @Test("is looked for on the PATH of the environment that it is given")
  func ownPath() throws {
    #expect(throws: SystemError.self) {
      try ProgramRun.run(
        "sh", ["-c", ":"], environment: ["PATH": "/nowhere"], deadline: .seconds(1))
    }
    let run = try ProgramRun.run(
      "env", [], environment: ["PATH": "/usr/bin"], deadline: .seconds(60))
    #expect(run.output.text == "PATH=/usr/bin\n")
  }
}
