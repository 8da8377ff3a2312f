import Coordinator
import Sweep
import Testing
import VAE
import Wire
import Worker

@Suite("Points held ahead of need")
struct LookaheadTests {
  private static func credit(_ sent: [WorkerMessage]) -> Int? {
    for case .heartbeat(let beat) in sent.reversed() { return beat.credit }
    return nil
  }

  private static func acknowledge(_ grant: Grant, _ harness: inout SessionHarness) {
    harness.hear(.acknowledgement(Acknowledgement(attempt: grant.attempt)))
  }

  /// Has the session train one point for so long, and wait so long for its acknowledgement.
  private static func train(
    _ counter: UInt64, for length: Duration, answer: Duration, _ harness: inout SessionHarness
  ) throws {
    let grant = try harness.grant(counter)
    harness.hear(.grant(grant))
    let end = harness.now + length
    while harness.now < end {
      harness.now += min(.milliseconds(100), end - harness.now)
      harness.tell(.tick)
    }
    harness.finish(grant)
    harness.now += answer
    Self.acknowledge(grant, &harness)
  }

  @Test(
    "are one a slot where points take seconds, and what the way to the disk takes where they do not",
    arguments: [
      (Duration.seconds(10), Duration.milliseconds(40), 1...1),
      (.seconds(1), .milliseconds(40), 1...1), (.milliseconds(10), .milliseconds(40), 8...9),
      (.milliseconds(1), .milliseconds(40), 80...81), (.zero, .milliseconds(40), 1024...1024),
    ])
  func credit(length: Duration, answer: Duration, expected: ClosedRange<Int>) throws {
    var harness = SessionHarness()
    harness.work()
    for counter: UInt64 in 1...4 {
      try Self.train(counter, for: length, answer: answer, &harness)
    }
    harness.pass(.seconds(2))
    let credit = try #require(Self.credit(harness.takeSent()))
    #expect(expected.contains(credit - 1), "\(credit)")
  }

  @Test("are given back when they turn out to wait behind a long one, and again if that was lost")
  func surplus() throws {
    var harness = SessionHarness()
    harness.work()
    for counter: UInt64 in 1...4 {
      try Self.train(counter, for: .milliseconds(1), answer: .milliseconds(40), &harness)
    }
    let grants = try (10...60).map { try harness.grant($0) }
    for grant in grants { harness.hear(.grant(grant)) }
    // The first of them has begun, and takes its time.
    harness.pass(.seconds(3))
    let handed = harness.takeSent().flatMap { message -> [AttemptID] in
      if case .handback(let handback) = message { handback.attempts } else { [] }
    }
    #expect(handed.count >= 46)
    #expect(!handed.contains(grants[0].attempt))
    let back = try #require(grants.last)
    #expect(handed.contains(back.attempt))
    harness.hear(.grant(back))
    #expect(
      harness.takeSent().contains(
        .handback(Handback(attempts: [back.attempt]))))
    harness.finish(grants[0])
    #expect(harness.takeOrders().last?.key == grants[1].key)
    harness.ignoreRest()
  }

  @Test("go back when they are recalled, unless they have begun")
  func recall() throws {
    var harness = SessionHarness()
    harness.work()
    let (begun, waiting) = (try harness.grant(1), try harness.grant(2))
    for grant in [begun, waiting] { harness.hear(.grant(grant)) }
    _ = harness.takeSent()
    let recall = Recall(attempts: [begun.attempt, waiting.attempt])
    harness.hear(.recall(recall))
    #expect(
      harness.takeSent() == [
        .handback(Handback(attempts: [waiting.attempt]))
      ])
    harness.finish(begun)
    #expect(harness.takeOrders().map(\.key) == [begun.key])
    harness.ignoreRest()
  }

  @Test("are at most half of a worker's share of what is left")
  func share() throws {
    var harness = try SchedulerHarness(points: 100)
    harness.join(1)
    harness.join(2)
    harness.beat(1, credit: 1000)
    harness.commit()
    func grants(_ worker: UInt64) -> Int {
      harness.take(worker).count { if case .grant = $0 { true } else { false } }
    }
    let first = grants(1)
    // One in its slot; then while a quarter of what is left is more than it holds.
    #expect(first > 10)
    #expect(first <= 26)
    harness.beat(2, credit: 1000)
    harness.commit()
    #expect(grants(2) > 10)
  }

  @Test("wait for the store: no more are on their way to it than it takes at once")
  func backlog() throws {
    var harness = try SchedulerHarness(points: 100_000)
    for worker: UInt64 in 1...3 {
      harness.join(worker, slots: 64)
      harness.beat(worker, credit: 10_000)
      #expect(harness.attemptRecords <= 4096)
    }
    #expect(harness.attemptRecords == 4096)
    // Each commit makes room for as many again, for whoever asked.
    harness.commit()
    #expect(harness.attemptRecords == 4096)
    _ = (1...3).map { harness.take($0) }
  }

  @Test("make room for the next with every delivery, before any heartbeat")
  func room() throws {
    var harness = try SchedulerHarness(points: 50)
    harness.join(1)
    let grant = try harness.grantOne(1)
    harness.deliver(grant, from: 1)
    harness.commit()
    harness.commit()
    let next = harness.take(1).count { if case .grant = $0 { true } else { false } }
    #expect(next == 1)
  }

  @Test("are recalled for an idle worker when nothing else is left, and go to it")
  func idleWorker() throws {
    var harness = try SchedulerHarness(points: 6)
    harness.join(1)
    harness.beat(1, credit: 2)
    harness.commit()
    let held = harness.takeEveryGrant(1)
    #expect(held.count == 2)
    // Others take the rest.
    for worker: UInt64 in 2...5 {
      harness.join(worker)
      harness.beat(worker, credit: 1)
      harness.commit()
      #expect(harness.takeEveryGrant(worker).count == 1)
    }
    harness.join(9)
    harness.beat(9, credit: 2)
    harness.beat(1, holding: [held[1].attempt], credit: 0)
    _ = harness.take(9)
    harness.pass(.seconds(1))
    let recalled = harness.take(1).flatMap { message -> [AttemptID] in
      if case .recall(let recall) = message { recall.attempts } else { [] }
    }
    #expect(Set(recalled) == [held[1].attempt])
    harness.receive(
      .handback(Handback(attempts: [held[1].attempt])), from: 1)
    harness.commit()
    harness.commit()
    #expect(harness.takeEveryGrant(9).map(\.key) == [held[1].key])
    #expect(harness.scheduler.failures.isEmpty)
  }
}

extension SchedulerHarness {
  /// The grants among what waits for `worker`, whatever else there is.
  mutating func takeEveryGrant(_ worker: UInt64) -> [Grant] {
    take(worker).compactMap { if case .grant(let grant) = $0 { grant } else { nil } }
  }
}
