import Glibc
import Platform
import Testing

@Suite("What a process had of the CPU")
struct ProcessorUseTests {
  @Test(
    "is read whatever its name, with the states that could run told from those that could not",
    arguments: [("R", true), ("S", false), ("D", false), ("T", false), ("Z", false)])
  func states(state: String, isRunnable: Bool) throws {
    let stat = try #require(ProcessStat(text: "15410 (a) R (b) \(state) 15406 15406"))
    let use = ProcessorUse(stat: stat, schedstat: "1500 2907907 12\n")
    #expect(
      use
        == ProcessorUse(
          running: .nanoseconds(1500), waiting: .nanoseconds(2_907_907), isRunnable: isRunnable))
  }

  @Test("is nothing where the kernel keeps no such statistics, or there is no such process")
  func nothing() throws {
    let stat = try #require(ProcessStat(text: "1 (a) R 1"))
    #expect(ProcessorUse(stat: stat, schedstat: "0 0 0") == nil)
    #expect(ProcessorUse(of: -1) == nil)
  }

  @Test("shows a stopped process as one that does not run")
  func stopped() throws {
    let child = try ChildProcess("/bin/sh", ["-c", "while :; do :; done"])
    child.send(SIGSTOP)
    // The signal reaches it in its own time; nothing is timed by the looks at it.
    while ProcessorUse(of: child.number)?.isRunnable != false { usleep(1000) }
    child.send(SIGCONT)
    while ProcessorUse(of: child.number)?.isRunnable != true { usleep(1000) }
    #expect(child.end() == .signal(SIGKILL))
  }
}
