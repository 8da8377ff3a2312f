import Coordinator
import Sweep
import Testing
import VAE
import Wire

@Suite("The pace of a sweep and its images count what was trained since the start,")
struct WorkDoneTests {
  /// Points of eight steps with 1,000 images, the last step a short one.
  private func harness(
    _ recovered: RecoveredSweep = RecoveredSweep()
  ) throws -> SchedulerHarness {
    var harness = try SchedulerHarness(points: 2, recovered: recovered) {
      $0.trainImages = 1000
    }
    harness.join(1)
    return harness
  }

  private func beat(
    _ harness: inout SchedulerHarness, _ attempt: AttemptID, step: Int, resumedAt: Int? = 0,
    finished: Bool = false
  ) {
    beat(&harness, [held(attempt, step: step, resumedAt: resumedAt, finished: finished)])
  }

  private func beat(_ harness: inout SchedulerHarness, _ held: [HeldAttempt]) {
    harness.receive(.heartbeat(Heartbeat(held: held, credit: 0)), from: 1)
    _ = harness.take(1)
  }

  private func held(
    _ attempt: AttemptID, step: Int, resumedAt: Int?, finished: Bool = false
  ) -> HeldAttempt {
    let progress = AttemptProgress(
      step: step, steps: step > 0 ? 8 : 0, epoch: 1, resumedAt: resumedAt)
    return HeldAttempt(attempt: attempt, progress: progress, finished: finished)
  }

  private func grant(_ id: AttemptID, _ index: Int) throws -> Grant {
    let point = try #require(try Sample.grid(points: 4).point(at: index))
    return Grant(attempt: id, key: Sample.key(of: point), point: point)
  }

  private func checkpoint(at step: Int) -> StoredCheckpoint {
    StoredCheckpoint(
      attempt: AttemptID(epoch: 1, counter: 1),
      reference: CheckpointReference(
        digest: Digest(of: "checkpoint"), size: 9, step: step, fingerprint: "f"))
  }

  private func expect(
    _ harness: SchedulerHarness, images: Int, perHour: Double, left: Double?,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let status = harness.scheduler.status()
    #expect(status.imagesTrained == images, sourceLocation: sourceLocation)
    #expect(abs(status.pointsPerHour - perHour) < 1e-6, sourceLocation: sourceLocation)
    #expect(
      abs((status.secondsLeft ?? -1) - (left ?? -1)) < 1e-6, sourceLocation: sourceLocation)
  }

  @Test("not what lay in a checkpoint")
  func resumed() throws {
    var harness = try harness()
    let grant = try harness.grantOne(1)
    harness.pass(.seconds(10))
    beat(&harness, grant.attempt, step: 6, resumedAt: 4)
    // A quarter of a point in ten seconds; one and a quarter are left.
    expect(harness, images: 256, perHour: 90, left: 50)
    #expect(harness.scheduler.status().workers[0].imagesPerSecond == 25.6)
    harness.deliver(grant, from: 1)
    harness.commit()
    expect(harness, images: 488, perHour: 180, left: 20)
    harness.ignoreRest()
  }

  @Test("and all of a point that goes from one worker to another, also while it waits")
  func handedOver() throws {
    var harness = try harness()
    let first = try harness.grantOne(1)
    harness.pass(.seconds(10))
    beat(&harness, first.attempt, step: 4)
    expect(harness, images: 512, perHour: 180, left: 30)
    harness.receive(.handback(Handback(attempts: [first.attempt])), from: 1)
    harness.commit()
    expect(harness, images: 512, perHour: 180, left: 30)
    let second = try harness.grantOne(1)
    #expect(second.key == first.key)
    harness.pass(.seconds(5))
    // One more step had been trained before the checkpoint, of which no heartbeat told.
    beat(&harness, second.attempt, step: 6, resumedAt: 5)
    expect(harness, images: 768, perHour: 180, left: 25)
    // One that begins anew trains its images again, and what had been done is gone.
    harness.receive(.handback(Handback(attempts: [second.attempt])), from: 1)
    harness.commit()
    let third = try harness.grantOne(1)
    beat(&harness, third.attempt, step: 3)
    expect(harness, images: 768 + 384, perHour: 90, left: 65)
    harness.ignoreRest()
  }

  @Test("of an earlier start's attempts only what they train from now on")
  func adopted() throws {
    var recovered = RecoveredSweep()
    let (running, waiting) = (AttemptID(epoch: 1, counter: 1), AttemptID(epoch: 1, counter: 2))
    recovered.open = [running: 0, waiting: 1]
    var harness = try harness(recovered)
    let waits = held(waiting, step: 0, resumedAt: nil)
    beat(&harness, [held(running, step: 4, resumedAt: 0), waits])
    harness.pass(.seconds(10))
    beat(&harness, [held(running, step: 6, resumedAt: 0), waits])
    expect(harness, images: 256, perHour: 90, left: 50)
    // The other begins, in the middle: all that lay in its checkpoint was done before.
    let begins = held(waiting, step: 5, resumedAt: 4)
    beat(&harness, [held(running, step: 6, resumedAt: 0), begins])
    expect(harness, images: 384, perHour: 135, left: (2 - 11.0 / 8) / 0.0375)
    harness.ignoreRest()
  }

  @Test("nothing of outcomes that were there before", arguments: [true, false])
  func finishedBefore(isNamed: Bool) throws {
    var recovered = RecoveredSweep()
    let held = AttemptID(epoch: 1, counter: 1)
    recovered.open = [held: 0]
    var harness = try harness(recovered)
    if isNamed { beat(&harness, held, step: 0, resumedAt: nil, finished: true) }
    harness.pass(.seconds(10))
    harness.deliver(try grant(held, 0), from: 1)
    harness.commit()
    #expect(harness.scheduler.status().ok == 1)
    expect(harness, images: 0, perHour: 0, left: nil)
    harness.ignoreRest()
  }

  @Test("the rest alone of a point that was done before a heartbeat told where it began")
  func unheard() throws {
    var recovered = RecoveredSweep()
    recovered.checkpoints = [0: checkpoint(at: 6)]
    var harness = try harness(recovered)
    let grant = try harness.grantOne(1)
    #expect(grant.checkpoint?.step == 6)
    harness.pass(.seconds(10))
    harness.deliver(grant, from: 1)
    harness.commit()
    expect(harness, images: 1000 - 768, perHour: 90, left: 40)
    harness.ignoreRest()
  }

  @Test("with an earlier version's worker from the checkpoint that it was granted")
  func silentWorker() throws {
    var recovered = RecoveredSweep()
    recovered.checkpoints = [0: checkpoint(at: 4)]
    var harness = try harness(recovered)
    let grant = try harness.grantOne(1)
    harness.pass(.seconds(10))
    beat(&harness, grant.attempt, step: 6, resumedAt: nil)
    expect(harness, images: 256, perHour: 90, left: 50)
    // A worker whose own checkpoint was farther says so.
    var other = try self.harness(recovered)
    let farther = try other.grantOne(1)
    other.pass(.seconds(10))
    beat(&other, farther.attempt, step: 6, resumedAt: 5)
    expect(other, images: 128, perHour: 45, left: 100)
    harness.ignoreRest()
    other.ignoreRest()
  }

  @Test("and nothing of points that are given up", arguments: ["cancelled", "failed"])
  func givenUp(how: String) throws {
    var harness = try harness()
    let first = try harness.grantOne(1)
    harness.pass(.seconds(10))
    beat(&harness, first.attempt, step: 4)
    #expect(harness.scheduler.work.trained == 0.5)
    if how == "cancelled" {
      harness.tell(.ordered(.cancel(.all), from: SchedulerHarness.peer(9), by: nil))
    } else {
      harness.fail(first, .point("it cannot be"), from: 1)
    }
    harness.commit()
    harness.commit()
    #expect(harness.scheduler.work.trained == 0)
    #expect(harness.scheduler.work.behind == 0)
    harness.ignoreRest()
  }

  @Test("no audit of what is stored")
  func audited() throws {
    var harness = try SchedulerHarness.idle(points: 2) { $0.trainImages = 1000 }
    harness.join(1)
    harness.ask(try SchedulerHarness.orders([0], of: 2, from: "elsewhere"))
    let grant = try harness.grantOne(1)
    harness.pass(.seconds(10))
    beat(&harness, grant.attempt, step: 6)
    #expect(harness.scheduler.work.trained == 0)
    harness.ignoreRest()
  }
}
