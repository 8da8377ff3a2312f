import Platform
import Sweep
import Testing
import Wire
import Worker

@Suite("A trainer on a host with too little CPU")
struct SlowHostTests {
  /// A session with one point in training, and `hang` of two seconds.
  private func training() throws -> (SessionHarness, Grant) {
    var harness = SessionHarness()
    var terms = SessionHarness.terms()
    terms.hang = .seconds(2)
    harness.hear(.terms(terms))
    harness.tell(.datasetFound(path: "/d"))
    harness.makeReady(0)
    let grant = try harness.grant(1)
    harness.hear(.grant(grant))
    _ = harness.takeSent()
    return (harness, grant)
  }

  /// A minute in which the trainer gets `share` of a CPU and makes no step, or until it is killed.
  ///
  /// - Returns: Seconds until then, and the sum of the beats that heartbeats showed.
  private func live(
    _ harness: inout SessionHarness, _ grant: Grant, share: Double, isRunnable: Bool = true
  ) -> (seconds: Double, beats: Int) {
    var use = ProcessorUse(running: .seconds(1), waiting: .zero, isRunnable: isRunnable)
    var beats = 0
    for quarter in 0..<240 {
      harness.tell(.trainerMeasured(SlotID(0), use))
      guard harness.kills == 0 else { return (Double(quarter) / 4, beats) }
      harness.now += .milliseconds(250)
      use.running += .milliseconds(250) * share
      if isRunnable { use.waiting += .milliseconds(250) * (1 - share) }
      harness.tell(.tick)
      harness.reply(0, keep: [grant.attempt])
      for case .heartbeat(let beat) in harness.takeSent() {
        beats = max(beats, beat.held.first?.progress.beats ?? 0)
      }
    }
    return (60, beats)
  }

  @Test("is left alone while it waits for a CPU, and the coordinator sees that it lives")
  func starved() throws {
    var (harness, grant) = try training()
    let (seconds, beats) = live(&harness, grant, share: 0)
    #expect(seconds == 60)
    #expect(beats > 100)
  }

  @Test("is killed when it has burnt the time without a step, which takes longer there")
  func burning() throws {
    var (harness, grant) = try training()
    let alone = live(&harness, grant, share: 1).seconds
    #expect((2...3).contains(alone))
    (harness, grant) = try training()
    let crowded = live(&harness, grant, share: 0.1).seconds
    #expect((20...22).contains(crowded))
  }

  @Test("is killed after the time when it sleeps, is stopped, or waits for what never comes")
  func asleep() throws {
    var (harness, grant) = try training()
    let (seconds, beats) = live(&harness, grant, share: 0, isRunnable: false)
    #expect((2...3).contains(seconds))
    #expect(beats == 0)
  }

  @Test("is looked at often enough for its time, and seldom where that is long")
  func pauses() throws {
    let (harness, _) = try training()
    #expect(harness.session.measuringPause == .milliseconds(250))
    #expect(SessionHarness().session.measuringPause == nil)
  }
}
