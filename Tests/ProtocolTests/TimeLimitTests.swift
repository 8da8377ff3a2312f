import Sweep
import Testing
import Wire
import Worker

/// A worker of which it is known when it will be ended.
@Suite("A time limit")
struct TimeLimitTests {
  /// One that may live for a minute hands back in the forty-fifth second; a point of which nothing is known
  /// takes two seconds to its first step and one for handing its checkpoint over.
  private static let minute = EndOfTime(.seconds(60))

  private func harness(slots: Int = 1, _ limit: EndOfTime = minute) -> SessionHarness {
    var harness = SessionHarness(slots: slots, timeLimit: limit)
    harness.work()
    harness.tell(.checkpointsFound(folder: "/c", []))
    harness.ignoreRest()
    return harness
  }

  private func handbacks(_ messages: [WorkerMessage]) -> [AttemptID] {
    messages.flatMap { message -> [AttemptID] in
      if case .handback(let handback) = message { handback.attempts } else { [] }
    }
  }

  private func credits(_ messages: [WorkerMessage]) -> [Int] {
    messages.compactMap { if case .heartbeat(let beat) = $0 { beat.credit } else { nil } }
  }

  private func lines(_ harness: SessionHarness) -> [String] {
    harness.effects.compactMap { if case .log(let text, _) = $0 { text } else { nil } }
      .filter { $0.contains("time limit") }
  }

  @Test("leaves a quarter of a short time for handing back, and fifteen seconds of a long one")
  func margin() {
    #expect(EndOfTime(.seconds(8)).handsBackAt == .seconds(6))
    #expect(EndOfTime(.seconds(60)).handsBackAt == .seconds(45))
    #expect(EndOfTime(.seconds(86_400)).margin == .seconds(15))
    #expect(EndOfTime(.seconds(108), from: .seconds(100)).margin == .seconds(2))
    // One that is over already.
    #expect(EndOfTime(.seconds(50), from: .seconds(100)).margin == .zero)
  }

  @Test("ends the taking of points that could not get as far as to a checkpoint, and says so once")
  func closing() throws {
    var harness = harness()
    let grants = try (0..<3).map { try harness.grant($0) }
    harness.hear(.grant(grants[0]))
    harness.hear(.grant(grants[1]))
    #expect(harness.takeOrders().map(\.key) == [grants[0].key])
    harness.pass(.milliseconds(41_500))
    #expect(handbacks(harness.takeSent()).isEmpty)
    #expect(lines(harness).isEmpty)
    harness.pass(.seconds(1))
    var sent = harness.takeSent()
    #expect(handbacks(sent) == [grants[1].attempt])
    #expect(credits(sent).last == 0)
    #expect(lines(harness).count == 1)
    // It was on its way.
    harness.hear(.grant(grants[2]))
    harness.pass(.seconds(1))
    sent = harness.takeSent()
    #expect(handbacks(sent) == [grants[2].attempt])
    #expect(credits(sent).allSatisfy { $0 == 0 })
    #expect(harness.takeOrders().isEmpty)
    #expect(lines(harness).count == 1)
    #expect(harness.ending == nil)
  }

  @Test("has everything handed back before it is over, and the worker ends with 0")
  func handsBack() throws {
    var harness = harness(slots: 2)
    let grants = try (0..<2).map { try harness.grant($0) }
    for grant in grants { harness.hear(.grant(grant)) }
    harness.effects.removeAll { if case .order = $0 { true } else { false } }
    harness.pass(.milliseconds(44_900))
    #expect(stops(harness) == 0)
    harness.pass(.milliseconds(200))
    #expect(stops(harness) == 2)
    #expect(lines(harness).contains { $0.contains("handing back") })
    for slot in 0..<2 {
      harness.tell(.trainerEnded(SlotID(slot), .status(0)))
    }
    harness.tell(.tick)
    let ending = try #require(harness.ending)
    #expect(ending.status == 0)
    #expect(harness.now < .seconds(46))
    harness.ignoreRest()
  }

  private func stops(_ harness: SessionHarness) -> Int {
    harness.effects.count { if case .stopTrainer = $0 { true } else { false } }
  }

  @Test("lets a worker leave at once that holds nothing and may begin nothing")
  func leavesEarly() throws {
    var harness = harness()
    harness.pass(.milliseconds(41_900))
    #expect(harness.ending == nil)
    harness.pass(.milliseconds(300))
    #expect(try #require(harness.ending).status == 0)
    #expect(lines(harness).count == 1)
    #expect(harness.takeSent().contains { if case .goodbye = $0 { true } else { false } })
  }

  @Test("lets a worker leave that has found no coordinator")
  func seeking() throws {
    var harness = SessionHarness(wait: .seconds(600), timeLimit: Self.minute)
    harness.pass(.seconds(44))
    #expect(try #require(harness.ending).status == 0)
    harness.ignoreRest()
  }

  @Test("leaves time for points that are shorter than the way to a checkpoint")
  func shortPoints() throws {
    var harness = harness()
    let grants = try (0..<3).map { try harness.grant($0) }
    harness.hear(.grant(grants[0]))
    harness.pass(.milliseconds(500))
    harness.finish(grants[0])
    harness.hear(.acknowledgement(Acknowledgement(attempt: grants[0].attempt)))
    harness.pass(.milliseconds(43_500))
    _ = harness.takeOrders()
    // A second before all is handed back.
    harness.hear(.grant(grants[1]))
    #expect(harness.takeOrders().map(\.key) == [grants[1].key])
    harness.pass(.milliseconds(600))
    harness.finish(grants[1])
    harness.hear(.acknowledgement(Acknowledgement(attempt: grants[1].attempt)))
    harness.hear(.grant(grants[2]))
    #expect(harness.takeOrders().isEmpty)
    harness.ignoreRest()
  }

  @Test("counts for points whose first step takes long, as the points before have shown")
  func slowStart() throws {
    var harness = harness()
    let grants = try (0..<2).map { try harness.grant($0) }
    harness.hear(.grant(grants[0]))
    harness.pass(.seconds(10))
    let first = AttemptProgress(step: 1, steps: 10, epoch: 1)
    harness.tell(.trainerSaid(SlotID(0), .progress(TrainerProgress(progress: first))))
    harness.hear(.grant(grants[1]))
    harness.ignoreRest()
    // Ten seconds, and one for handing it over, before the forty-fifth.
    harness.pass(.milliseconds(23_900))
    #expect(handbacks(harness.takeSent()).isEmpty)
    harness.pass(.milliseconds(300))
    #expect(handbacks(harness.takeSent()) == [grants[1].attempt])
  }

  @Test("passes while the process is stopped, too")
  func stoppedProcess() throws {
    var harness = harness()
    harness.hear(.grant(try harness.grant(0)))
    harness.now += .seconds(50)
    harness.tell(.tick)
    #expect(stops(harness) == 1)
    harness.ignoreRest()
  }

  @Test("bounds what is held ahead by what the slots come to")
  func ahead() {
    let settings = AgentSettings(
      session: SessionID(1), hello: Sample.hello(1), wait: .seconds(1), stay: false)
    var limit = TimeLimit(Self.minute)
    func ahead(at reading: Duration, _ slots: [Duration]) -> Int {
      limit.reached(of: 100, slots: slots, keepsCheckpoints: true, settings, at: reading)
    }
    // Nothing is known of their length.
    #expect(ahead(at: .seconds(30), [.zero]) == 100)
    limit.note(point: .seconds(10))
    // The last may begin in the forty-second second: at 10, 20, 30 and 40.
    #expect(ahead(at: .zero, [.zero]) == 4)
    #expect(ahead(at: .seconds(30), [.zero]) == 1)
    #expect(ahead(at: .seconds(33), [.zero]) == 0)
    #expect(ahead(at: .seconds(33), [.seconds(5), .zero]) == 1)
    #expect(
      TimeLimit(nil).reached(
        of: 100, slots: [.zero], keepsCheckpoints: true, settings, at: .seconds(1000)) == 100)
  }

  @Test("or a stop is over within ten seconds, whatever sixteen trainers do")
  func stopIsBounded() throws {
    var harness = SessionHarness(slots: 16)
    harness.work()
    harness.tell(.checkpointsFound(folder: "/c", []))
    for number in 0..<16 { harness.hear(.grant(try harness.grant(UInt64(number)))) }
    harness.effects.removeAll()
    harness.tell(.stopRequested)
    // All are asked at once; none waits for another.
    let asked = harness.effects.compactMap {
      if case .stopTrainer(let slot) = $0 { slot } else { nil }
    }
    #expect(asked == (0..<16).map { SlotID($0) })
    let start = harness.now
    while harness.ending == nil, harness.now - start < .seconds(20) {
      harness.pass(.milliseconds(100))
    }
    #expect(try #require(harness.ending).status == 0)
    #expect(harness.now - start < .seconds(10))
    #expect(harness.kills == 16)
    harness.ignoreRest()
  }
}
