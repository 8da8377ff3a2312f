import Coordinator
import Sweep
import Testing
import Wire

@Suite("What a coordinator's log lines are about")
struct LogSubjectTests {
  private func line(_ harness: SchedulerHarness, with text: String) throws -> LogLine {
    try #require(harness.lines.first { $0.text.contains(text) }, "\(harness.log)")
  }

  @Test("A lost attempt names its worker, though that is gone, its point and itself")
  func lost() throws {
    var harness = try SchedulerHarness()
    let grant = try harness.hold()
    let host = Sample.hello(1).host
    let name = LogSubject.worker(host, process: Sample.hello(1).process)
    let joined = try line(harness, with: "joined")
    #expect(joined.subject == LogSubject(worker: name, host: host))
    harness.pass(.seconds(16))
    harness.commit()
    let lost = try line(harness, with: "lost: ")
    #expect(lost.level == .warning)
    #expect(
      lost.subject == LogSubject(worker: name, point: grant.key, attempt: grant.attempt))
    harness.ignoreRest()
  }

  @Test("What becomes of each attempt is told where that was asked for, and nowhere else")
  func attempts() throws {
    for isAsked in [true, false] {
      var harness = try SchedulerHarness { $0.logsAttempts = isAsked }
      let first = try harness.hold()
      harness.deliver(first, from: 1)
      harness.commit()
      let second = try harness.grantOne(1)
      harness.receive(.goodbye, from: 1)
      harness.commit()
      harness.ignoreRest()
      let told = harness.lines.filter { $0.level == .attempt }
      guard isAsked else {
        #expect(told.isEmpty)
        continue
      }
      let of = { (grant: Grant) in told.filter { $0.subject.attempt == grant.attempt } }
      #expect(of(first).map(\.subject.point) == [first.key, first.key])
      #expect(of(first)[0].text.contains("is granted"))
      #expect(of(first)[1].text.hasSuffix("has its outcome: ok"))
      #expect(of(second).map { $0.text.contains("handed back") } == [false, true])
      #expect(of(first).allSatisfy { $0.subject.worker != nil })
    }
  }
}
