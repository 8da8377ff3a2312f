import Glibc
import Platform
import TestSupport
import Testing

@Suite("What the system says of a process")
struct ProcessStatTests {
  /// Fields 1 to 24 as proc(5) numbers them: 14 and 15 are its time on the CPU, 22 its start.
  private let text =
    "15410 (a) R (b c) S 15406 15407 15408 0 -1 4194560 9 10 11 12 250 50 16 17 20 0 1 0 700 23 24\n"

  @Test("is read behind a name that looks like the rest")
  func fields() throws {
    let stat = try #require(ProcessStat(text: text))
    let tick = 1 / Double(sysconf(Int32(_SC_CLK_TCK)))
    #expect(stat.state == "S")
    #expect(stat.parent == 15406)
    #expect(stat.cpuSeconds == 300 * tick)
    #expect(stat.startSeconds == 700 * tick)
  }

  @Test(
    "is nothing where there is no state, and lacks what a short line lacks",
    arguments: ["", "nonsense", "1 (a)", "1 (a) "])
  func nothing(text: String) throws {
    #expect(ProcessStat(text: text) == nil)
    let short = try #require(ProcessStat(text: "1 (a) R"))
    #expect(short.parent == nil && short.cpuSeconds == nil && short.startSeconds == nil)
  }

  @Test("tells of this process and its children, and nothing of one that is gone")
  func living() throws {
    #expect(ProcessStat.own?.parent == getppid())
    #expect(try #require(ProcessFacts.secondsSinceStart) >= 0)
    #expect(try #require(ProcessFacts.peakRSSMegabytes) > 1)
    let child = try ChildProcess("/bin/sleep", ["600"])
    #expect(ProcessStat(of: child.number)?.parent == getpid())
    // A child is younger than its parent; of the fields about it none else is in that order.
    let own = try #require(ProcessStat.own?.startTicks)
    let start = try #require(ProcessStat(of: child.number)?.startTicks)
    #expect(own > 0 && own <= start)
    #expect(try ProcessTree.children(of: getpid()).contains(child.number))
    #expect(!ProcessTree.isGone(child.number))
    #expect(child.end() == .signal(SIGKILL))
    #expect(ProcessTree.isGone(child.number))
    #expect(ProcessStat(of: -1) == nil)
  }
}
