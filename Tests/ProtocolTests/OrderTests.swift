import Coordinator
import Sweep
import Testing
import VAE
import Wire

@Suite("An operator's order")
struct OrderTests {
  private static let desk = PeerID([99])

  private static func seeds(_ range: ClosedRange<UInt32>) -> PointFilter {
    PointFilter(
      texts: ["seed=\(range.lowerBound)..\(range.upperBound)"],
      match: GridMatch([GridMatch.Term(key: .seed, values: .seeds(range))]))
  }

  private func order(_ order: SweepOrder, _ harness: inout SchedulerHarness) {
    harness.tell(.ordered(order, from: Self.desk, by: nil))
    harness.commit()
  }

  private func text(_ harness: SchedulerHarness) -> String? {
    guard case .order(let reply)? = harness.answers.last?.message else { return nil }
    return reply.text
  }

  @Test("neither holds nor is acknowledged before it is durable")
  func durable() throws {
    var harness = try SchedulerHarness()
    harness.join(1)
    harness.tell(.ordered(.pause, from: Self.desk, by: nil))
    #expect(harness.answers.isEmpty)
    #expect(!harness.scheduler.status().isPaused)
    harness.commit()
    #expect(text(harness)?.hasPrefix("paused") == true)
    #expect(harness.scheduler.status().isPaused)
  }

  @Test("to pause lets nothing begin, and what has begun go on")
  func pause() throws {
    var harness = try SchedulerHarness()
    let running = try harness.hold(1)
    harness.join(2)
    let waiting = try harness.grantOne(2)
    order(.pause, &harness)
    // What waits in a worker is asked for back, again and again.
    #expect(harness.take(2) == [.recall(Recall(attempts: [waiting.attempt]))])
    harness.receive(.handback(Handback(attempts: [waiting.attempt])), from: 2)
    harness.commit()
    harness.beat(2, credit: 1)
    harness.commit()
    #expect(harness.take(2).count == 1)
    harness.beat(1, holding: [running.attempt], credit: 0, running: true)
    #expect(harness.takeKeep(1) == [running.attempt])
    harness.deliver(running, from: 1)
    harness.commit()
    harness.ignoreRest()
    let status = harness.scheduler.status()
    #expect((status.ok, status.running, status.waiting) == (1, 0, 3))
    #expect(status.secondsLeft == nil)
    order(.resume, &harness)
    harness.commit()
    #expect(harness.sent.contains { if case .grant = $0.envelope.message { true } else { false } })
    harness.ignoreRest()
  }

  @Test("to pause takes an attempt back that was on its way to the store")
  func pauseMeanwhile() throws {
    var harness = try SchedulerHarness()
    harness.join(1)
    harness.beat(1, credit: 1)
    _ = harness.take(1)
    let attempt = harness.records
    harness.records = []
    harness.tell(.ordered(.pause, from: Self.desk, by: nil))
    let pause = harness.records
    harness.records = []
    harness.tell(.committed(pause.map { CommittedRecord($0) }))
    harness.tell(.committed(attempt.map { CommittedRecord($0) }))
    #expect(harness.take(1).isEmpty)
    #expect(harness.records.contains { if case .release = $0 { true } else { false } })
  }

  @Test("to drain a host concerns that host alone, until it is undrained")
  func drain() throws {
    var harness = try SchedulerHarness()
    harness.join(1)
    harness.join(2)
    order(.drain(host: "host1"), &harness)
    #expect(text(harness)?.contains("host host1 is given nothing more") == true)
    harness.beat(1, credit: 1)
    harness.beat(2, credit: 1)
    harness.commit()
    #expect(harness.take(1).count == 1)
    #expect(harness.take(2).count == 2)
    let status = harness.scheduler.status()
    #expect(status.workers.map { $0.drained != nil } == [true, false])
    #expect(status.alerts.count == 1)
    order(.undrain(host: "host1"), &harness)
    harness.commit()
    #expect(harness.takeGrants(1).count == 1)
  }

  @Test("to undrain a host ends also a drain that the coordinator has begun")
  func undrain() throws {
    var recovered = RecoveredSweep()
    recovered.drained = [HostIdentity("host1"): "three points failed"]
    var harness = try SchedulerHarness(recovered: recovered)
    harness.join(1)
    harness.beat(1, credit: 1)
    #expect(harness.takeKeep(1) == [])
    order(.undrain(host: "host1"), &harness)
    #expect(
      harness.records.contains {
        if case .drain(HostIdentity("host1"), nil, _) = $0 { true } else { false }
      })
    harness.commit()
    #expect(harness.takeGrants(1).count == 1)
  }

  @Test("to cancel stops what is trained, and is undone by an outcome that comes all the same")
  func cancel() throws {
    var harness = try SchedulerHarness()
    let running = try harness.hold(1)
    order(.cancel(.all), &harness)
    #expect(text(harness)?.hasPrefix("4 points cancelled, 1 of them under way") == true)
    #expect(harness.scheduler.status().cancelled == 4)
    #expect(!harness.isComplete)
    harness.commit()
    #expect(harness.isComplete)
    harness.beat(1, holding: [running.attempt], credit: 1, running: true)
    #expect(harness.takeKeep(1) == [])
    harness.deliver(running, from: 1)
    harness.commit()
    #expect(harness.scheduler.status().cancelled == 3)
    #expect(harness.scheduler.status().ok == 1)
    harness.ignoreRest()
  }

  @Test("to cancel leaves alone what has its outcome")
  func cancelFinished() throws {
    var harness = try SchedulerHarness()
    let grant = try harness.hold(1)
    harness.deliver(grant, from: 1)
    // It is on its way to the store.
    harness.tell(.ordered(.cancel(.all), from: Self.desk, by: nil))
    harness.commit()
    #expect(harness.scheduler.status().cancelled == 3)
    #expect(harness.scheduler.status().ok == 1)
    harness.ignoreRest()
  }

  @Test("to cancel and to retry name points by their values")
  func filter() throws {
    var harness = try SchedulerHarness(points: 6)
    order(.cancel(Self.seeds(1...4)), &harness)
    #expect(harness.scheduler.cancelled == [1, 2, 3, 4])
    order(.retry(Self.seeds(3...9)), &harness)
    #expect(harness.scheduler.cancelled == [1, 2])
    #expect(text(harness)?.hasPrefix("0 failed and 2 cancelled points") == true)
    harness.join(1, slots: 8)
    harness.beat(1, credit: 8)
    harness.commit()
    let seeds = harness.take(1).compactMap { message -> UInt32? in
      if case .grant(let grant) = message { grant.point.seeds.shared } else { nil }
    }
    #expect(Set(seeds) == [0, 3, 4, 5])
  }

  @Test("to retry lets a failed point be tried again, on record too")
  func retry() throws {
    var harness = try SchedulerHarness(points: 1)
    harness.join(2)
    for _ in 0..<maxLostAttempts {
      let grant = try harness.grantOne(2)
      harness.fail(grant, .hung(seconds: 300), from: 2)
      if harness.scheduler.failures.isEmpty, !harness.isComplete { harness.commit() }
      _ = harness.take(2)
    }
    #expect(harness.scheduler.failures.count == 1)
    #expect(harness.isComplete)
    order(.retry(.all), &harness)
    // Its coordinator ends, and says so.
    guard case .refusal(let refusal)? = harness.answers.last?.message else {
      Issue.record("\(harness.answers)")
      return
    }
    #expect(refusal.reason.contains("--retry-failed"))
  }

  @Test("to retry a failed point while others run")
  func retryAmongOthers() throws {
    var harness = try SchedulerHarness(points: 2)
    let other = try harness.hold(1)
    harness.join(2)
    let failed = try harness.grantOne(2)
    harness.fail(failed, .point("no such layer"), from: 2)
    harness.commit()
    _ = harness.take(2)
    #expect(harness.scheduler.failures.count == 1)
    harness.tell(.ordered(.retry(.all), from: Self.desk, by: nil))
    guard case .order(_, _, _, let reopened)? = harness.records.last else {
      Issue.record("\(harness.records)")
      return
    }
    #expect(Array(reopened.values) == [failed.key])
    harness.commit()
    #expect(harness.scheduler.failures.isEmpty)
    let again = try harness.grantOne(2)
    #expect(again.key == failed.key)
    #expect(again.attempt > other.attempt)
    harness.ignoreRest()
  }

  @Test("leaves alone what the design does without, in whatever order that is said")
  func leftOut() throws {
    var recovered = RecoveredSweep()
    // Somebody may still hold it, of an earlier start.
    recovered.open = [AttemptID(epoch: 1, counter: 1): 0]
    var harness = try SchedulerHarness(points: 4, recovered: recovered)
    order(.cancel(.all), &harness)
    harness.tell(.unneeded([0, 1]))
    order(.cancel(.all), &harness)
    var status = harness.scheduler.status()
    #expect((status.points, status.cancelled, status.missing) == (2, 2, 0))
    order(.retry(.all), &harness)
    status = harness.scheduler.status()
    #expect((status.points, status.cancelled, status.missing) == (2, 0, 2))
  }

  @Test("to retry does not bring back what the design does without")
  func retryLeftOut() throws {
    var harness = try SchedulerHarness(points: 2)
    let running = try harness.hold(1)
    let index = Int(running.point.seeds.order)
    harness.tell(.unneeded([index]))
    order(.cancel(.all), &harness)
    order(.retry(.all), &harness)
    let status = harness.scheduler.status()
    #expect((status.points, status.cancelled, status.waiting) == (1, 0, 1))
    harness.ignoreRest()
  }

  @Test("holds after a restart")
  func restart() throws {
    var recovered = RecoveredSweep()
    recovered.orders = [
      .pause, .cancel(Self.seeds(0...2)), .drain(host: "host1"), .retry(Self.seeds(2...2)),
    ]
    recovered.finished = [0]
    recovered.ok = 1
    recovered.failed = [1: "it failed before it was cancelled"]
    var harness = try SchedulerHarness(points: 4, recovered: recovered)
    harness.join(1)
    harness.beat(1, credit: 4)
    #expect(harness.takeKeep(1) == [])
    let status = harness.scheduler.status()
    #expect(status.isPaused)
    #expect((status.ok, status.cancelled, status.failed, status.waiting) == (1, 1, 0, 2))
    // What was lost before counts no more when it is wanted again.
    harness.tell(.ordered(.retry(.all), from: Self.desk, by: nil))
    guard case .order(_, _, _, let reopened)? = harness.records.last else {
      Issue.record("\(harness.records)")
      return
    }
    #expect(Array(reopened.keys) == [1])
  }

  @Test("to cancel keeps an attempt of an earlier start from being taken over")
  func orphan() throws {
    var recovered = RecoveredSweep()
    let id = AttemptID(epoch: 1, counter: 1)
    recovered.open = [id: 0]
    recovered.orders = [.cancel(Self.seeds(0...0))]
    var harness = try SchedulerHarness(points: 2, recovered: recovered)
    harness.join(1)
    harness.beat(1, holding: [id], credit: 0, running: true)
    #expect(harness.takeKeep(1) == [])
  }

  @Test("that stand are told, each with what takes it back, and none that was taken back")
  func told() throws {
    var harness = try SchedulerHarness(points: 6)
    order(.cancel(Self.seeds(0...1)), &harness)
    order(.cancel(Self.seeds(1...4)), &harness)
    order(.retry(Self.seeds(2...2)), &harness)
    #expect(
      harness.scheduler.status().alerts == [
        "an operator has cancelled points with seed=0..1, but for what has seed=2..2, also what is asked "
          + "for later: 'vaesweep control retry --where seed=0..1' takes it back",
        "an operator has cancelled points with seed=1..4, but for what has seed=2..2, also what is asked "
          + "for later: 'vaesweep control retry --where seed=1..4' takes it back",
      ])
    order(.retry(Self.seeds(0...1)), &harness)
    #expect(harness.scheduler.status().alerts.count == 1)
    order(.retry(.all), &harness)
    #expect(harness.scheduler.status().alerts.isEmpty)
  }

  @Test("to cancel or retry what no point has is told so")
  func unmatched() throws {
    var harness = try SchedulerHarness(points: 3)
    order(.cancel(Self.seeds(7...8)), &harness)
    #expect(
      text(harness)
        == "0 points cancelled; no point of the sweep has seed=7..8; those that are asked for later "
        + "and match will be, until 'vaesweep control retry --where seed=7..8'")
    order(.retry(Self.seeds(9...9)), &harness)
    #expect(text(harness)?.hasSuffix("; no point of the sweep has seed=9") == true)
    order(.cancel(Self.seeds(0...1)), &harness)
    order(.cancel(Self.seeds(0...1)), &harness)
    #expect(
      text(harness)?.hasPrefix(
        "0 points cancelled; none that matches is without an outcome and not cancelled yet") == true
    )
  }

  @Test("to undrain a host that is not drained is refused, with the name that was meant")
  func wrongHost() throws {
    var harness = try SchedulerHarness()
    harness.join(1)
    func refusal() -> String? {
      guard case .refusal(let refusal)? = harness.answers.last?.message else { return nil }
      return refusal.reason
    }
    harness.tell(.ordered(.undrain(host: "hots1"), from: Self.desk, by: nil))
    #expect(refusal() == "host hots1 is not drained; no host is (did you mean host1?)")
    order(.drain(host: "hots1"), &harness)
    #expect(
      text(harness)
        == "host hots1 is given nothing; no worker of that name is here at present (did you mean host1?)"
    )
    harness.tell(.ordered(.undrain(host: "host1"), from: Self.desk, by: nil))
    #expect(refusal() == "host host1 is not drained; these are: hots1 (did you mean hots1?)")
    order(.undrain(host: "hots1"), &harness)
    #expect(text(harness) == "host hots1 is given points again")
    harness.ignoreRest()
  }
}
