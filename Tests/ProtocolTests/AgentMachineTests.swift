import Sweep
import Testing
import Wire
import Worker

@Suite("The machines of a worker's session")
struct AgentMachineTests {
  private func sent(_ effects: [AgentEffect]) -> [WorkerMessage] {
    effects.compactMap { if case .send(let envelope) = $0 { envelope.message } else { nil } }
  }

  private func effects() -> AgentEffects { AgentEffects(session: SessionID(7)) }

  @Test("messages are numbered from 1, in the name of the session")
  func envelopes() {
    var effects = effects()
    #expect(effects.nextSequence == 1)
    effects.send(.goodbye)
    effects.log("between")
    effects.send(.goodbye)
    let envelopes = effects.takeAll().compactMap { effect in
      if case .send(let envelope) = effect { envelope } else { nil }
    }
    #expect(envelopes.map(\.sequence) == [1, 2])
    #expect(envelopes.allSatisfy { $0.session == SessionID(7) })
    #expect(effects.takeAll().isEmpty)
    #expect(effects.nextSequence == 3)
  }

  @Test("hellos grow rarer while nobody answers, and come at once when they are hurried")
  func greeting() {
    var greeting = Greeting(seed: 1)
    var times: [Duration] = []
    for tenth in 0..<300 where greeting.isDue(at: .milliseconds(100 * tenth)) {
      times.append(.milliseconds(100 * tenth))
    }
    let pauses = zip(times.dropFirst(), times).map { $0 - $1 }
    #expect(pauses.allSatisfy { $0 <= Greeting.longestPause + .milliseconds(100) })
    #expect((10...40).contains(times.count))
    #expect(greeting.hasGreeted)
    greeting.hurry(at: .seconds(30))
    #expect(greeting.isDue(at: .seconds(30) + Greeting.shortestPause) == true)
    greeting.begin()
    #expect(!greeting.hasGreeted)
    greeting.rest(until: .seconds(100))
    #expect(greeting.isDue(at: .seconds(99)) == false)
    #expect(greeting.isDue(at: .seconds(100)) == true)
  }

  @Test("silence is noted once, and its end told where it was noted")
  func silence() {
    var silence = Silence()
    #expect(silence.end(at: .seconds(1)) == false)
    #expect(silence.note(after: .seconds(5), at: .seconds(5)) == false)
    #expect(silence.note(after: .seconds(5), at: .seconds(6)) == true)
    #expect(silence.note(after: .seconds(5), at: .seconds(7)) == false)
    #expect(silence.end(at: .seconds(8)) == true)
    #expect(silence.length(at: .seconds(9)) == .seconds(1))
  }

  @Test("an attempt is unwanted by a reply to a heartbeat that named it, and by no older one")
  func heartbeats() {
    var heartbeats = Heartbeats()
    let (old, young) = (AttemptID(epoch: 1, counter: 1), AttemptID(epoch: 1, counter: 2))
    func held(_ id: AttemptID) -> HeldAttempt {
      HeldAttempt(
        attempt: id, progress: AttemptProgress(step: 0, steps: 0, epoch: 0), finished: false)
    }
    heartbeats.sent([held(old)], sequence: 4, capacity: 2, at: .zero)
    heartbeats.sent([held(old), held(young)], sequence: 5, capacity: 2, at: .zero)
    let none = HeartbeatReply(keep: [])
    #expect(heartbeats.unwanted(none, to: 3) == [])
    #expect(heartbeats.unwanted(none, to: 4) == [old])
    #expect(heartbeats.unwanted(none, to: 5) == [old, young])
    #expect(heartbeats.unwanted(HeartbeatReply(keep: [young]), to: 5) == [old])
    heartbeats.forget(old)
    #expect(heartbeats.unwanted(none, to: 4) == [])
  }

  @Test("news goes out within a moment, and without news a heartbeat goes out at its pace")
  func beats() {
    var heartbeats = Heartbeats()
    heartbeats.sent([], sequence: 1, capacity: 4, at: .zero)
    heartbeats.consider(every: .seconds(1), capacity: 4, at: .milliseconds(900))
    #expect(!heartbeats.isDue)
    heartbeats.noteNews()
    heartbeats.consider(every: .seconds(1), capacity: 4, at: .milliseconds(901))
    #expect(heartbeats.isDue)
    heartbeats.clear()
    heartbeats.sent([], sequence: 2, capacity: 4, at: .seconds(1))
    heartbeats.consider(every: .seconds(1), capacity: 5, at: .milliseconds(1100))
    #expect(!heartbeats.isDue)
    // A quarter more is worth a message.
    heartbeats.consider(every: .seconds(1), capacity: 6, at: .milliseconds(1100))
    #expect(heartbeats.isDue)
  }

  @Test("a report is repeated until it is removed, and its answer is timed where it was sent once")
  func outbox() throws {
    var (outbox, effects) = (ReportOutbox(), effects())
    let point = try #require(try Sample.grid(points: 2).point(at: 0))
    let attempt = AttemptID(epoch: 1, counter: 1)
    let report = AttemptReport.failure(
      FailureReport(attempt: attempt, key: Sample.key(of: point), reason: .trainerSignal(9)))
    outbox.post(report, at: .zero, &effects)
    #expect(sent(effects.takeAll()) == [report.message])
    outbox.resend(after: .seconds(5), at: .seconds(4), &effects)
    #expect(effects.takeAll().isEmpty)
    outbox.resend(after: .seconds(5), at: .seconds(5), &effects)
    #expect(sent(effects.takeAll()) == [report.message])
    #expect(outbox.remove(attempt, at: .seconds(6), &effects) == nil)
    #expect(outbox.isEmpty)
    outbox.post(report, at: .seconds(7), &effects)
    #expect(outbox.remove(attempt, at: .seconds(9), &effects) == .seconds(2))
  }

  @Test("a queue gives back what waits behind a slow point, and knows what it gave back")
  func queue() throws {
    var queue = PointQueue()
    let grid = try Sample.grid(points: 20)
    for index in 0..<20 {
      let point = try #require(grid.point(at: index))
      queue.append(
        Grant(
          attempt: AttemptID(epoch: 1, counter: UInt64(index)), key: Sample.key(of: point),
          point: point))
    }
    #expect(queue.surplus(beyond: 10, slots: 1).isEmpty)
    let surplus = queue.surplus(beyond: 2, slots: 1)
    #expect(surplus.map(\.counter) == Array(2..<20))
    queue.giveBack(surplus)
    #expect(queue.count == 2)
    #expect(surplus.allSatisfy(queue.wasReturned))
    #expect(queue.remove(at: queue.waiting.startIndex + 1).attempt.counter == 1)
    #expect(queue.remove(at: queue.waiting.startIndex).attempt.counter == 0)
  }
}
