import Testing
import Wire
import Worker

@Suite("A greeting over a slow link")
struct SlowGreetingTests {
  @Test("is not begun anew for the answers to further hellos, but for one who knows nobody")
  func lateTerms() {
    var harness = SessionHarness()
    // Several hellos go out before the first answer comes.
    harness.pass(.seconds(3))
    let hellos = harness.takeSent().count
    #expect(hellos > 2)
    harness.work()
    harness.pass(.seconds(5))
    _ = harness.takeSent()
    let heartbeat = harness.lastHeartbeat
    for sequence in 2...UInt64(hellos) {
      harness.hear(.terms(SessionHarness.terms()), answering: sequence)
    }
    #expect(harness.takeSent().isEmpty)
    // It has forgotten this session, and says so to what comes of it.
    harness.hear(.terms(SessionHarness.terms()), answering: heartbeat)
    #expect(harness.takeSent() == [.hello(harness.session.settings.hello)])
    harness.work()
    harness.pass(.seconds(5))
    _ = harness.takeSent()
    // Another coordinator is another matter, whatever it answers.
    harness.hear(.terms(SessionHarness.terms(epoch: 2)), answering: 1)
    #expect(harness.takeSent() == [.hello(harness.session.settings.hello)])
  }
}
