import Coordinator
import Sweep
import Testing
import VAE
import Wire

@Suite("What a coordinator tells of its workers")
struct StatusTests {
  /// A coordinator of a dataset with 1,000 training images: eight steps an epoch, the last a short one.
  private func harness(points: Int = 4) throws -> SchedulerHarness {
    try SchedulerHarness(points: points) { $0.trainImages = 1000 }
  }

  private func beat(_ harness: inout SchedulerHarness, _ grant: Grant, step: Int) {
    harness.receive(
      .heartbeat(
        Heartbeat(
          held: [
            HeldAttempt(
              attempt: grant.attempt, progress: AttemptProgress(step: step, steps: 8, epoch: 1),
              finished: false)
          ], credit: 0)), from: 1)
    _ = harness.take(1)
  }

  @Test("Images are counted as steps are told of, never twice, and to the last with the outcome")
  func images() throws {
    var harness = try harness()
    harness.join(1)
    let grant = try harness.grantOne(1)
    #expect(harness.scheduler.status().imagesTrained == 0)
    for (step, images) in [(4, 512), (4, 512), (2, 512), (7, 896), (8, 1000)] {
      beat(&harness, grant, step: step)
      #expect(harness.scheduler.status().imagesTrained == images)
    }
    harness.deliver(grant, from: 1)
    harness.commit()
    let second = try harness.grantOne(1)
    #expect(harness.scheduler.status().imagesTrained == 1000)
    beat(&harness, second, step: 1)
    harness.deliver(second, from: 1)
    harness.commit()
    harness.ignoreRest()
    #expect(harness.scheduler.status().imagesTrained == 2000)
  }

  @Test("A point that is done between two heartbeats is counted too")
  func quickPoint() throws {
    var harness = try harness()
    harness.join(1)
    let grant = try harness.grantOne(1)
    harness.pass(.seconds(5))
    harness.deliver(grant, from: 1)
    harness.deliver(grant, from: 1)
    harness.commit()
    harness.ignoreRest()
    #expect(harness.scheduler.status().imagesTrained == 1000)
    #expect(harness.scheduler.status().workers[0].imagesPerSecond == 200)
  }

  @Test("A point of which a heartbeat told before its trainer had begun is counted whole")
  func toldEarly() throws {
    var harness = try harness()
    harness.join(1)
    let grant = try harness.grantOne(1)
    // A worker does not know yet how many steps there are.
    let held = HeldAttempt(
      attempt: grant.attempt, progress: AttemptProgress(step: 0, steps: 1, epoch: 0),
      finished: false)
    harness.receive(.heartbeat(Heartbeat(held: [held], credit: 0)), from: 1)
    harness.deliver(grant, from: 1)
    harness.commit()
    harness.ignoreRest()
    #expect(harness.scheduler.status().imagesTrained == 1000)
  }

  @Test("A worker's speed is that of the last seconds, and how long ago it was heard is told")
  func speed() throws {
    var harness = try harness()
    harness.join(1)
    let grant = try harness.grantOne(1)
    #expect(harness.scheduler.status().workers[0].imagesPerSecond == nil)
    harness.pass(.seconds(4))
    beat(&harness, grant, step: 4)
    #expect(harness.scheduler.status().workers[0].imagesPerSecond == 128)
    #expect(harness.scheduler.status().workers[0].silent == .zero)
    harness.pass(.seconds(3))
    #expect(harness.scheduler.status().workers[0].silent == .seconds(3))
    // One that stands still shows it when the window has passed over what it did.
    for _ in 0..<30 {
      harness.pass(.seconds(1))
      beat(&harness, grant, step: 4)
    }
    #expect(harness.scheduler.status().workers[0].imagesPerSecond == 0)
  }

  @Test("Workers and slots are counted once: at work, idle, or of a host that is given nothing")
  func fleet() throws {
    var harness = try harness()
    harness.join(1, slots: 2)
    harness.join(2, slots: 3)
    harness.join(3, slots: 5)
    let grant = try harness.grantOne(1)
    beat(&harness, grant, step: 1)
    harness.tell(.ordered(.drain(host: "host3"), from: SchedulerHarness.peer(9), by: nil))
    harness.commit()
    let fleet = harness.scheduler.status().fleet
    #expect(fleet.workers == Fleet.Count(training: 1, idle: 1, drained: 1))
    #expect(fleet.slots == Fleet.Count(training: 1, idle: 4, drained: 5))
    harness.ignoreRest()
  }

  @Test("Of many failed points the first of the grid are named, in its order")
  func failures() throws {
    var recovered = RecoveredSweep()
    for index in stride(from: 99, through: 30, by: -1) {
      recovered.failed[index] = "reason \(index)"
    }
    let harness = try SchedulerHarness(points: 100, recovered: recovered)
    let status = harness.scheduler.status()
    #expect(status.failed == 70)
    #expect(status.failures.map(\.point.seeds.shared) == (30..<50).map { UInt32($0) })
    #expect(status.failures.first?.reason == "reason 30")
  }

  @Test("No number of steps that a peer claims makes a count that does not exist")
  func claims() throws {
    let configuration = try #require(try Sample.grid(points: 1).point(at: 0)).configuration
    #expect(configuration.images(afterSteps: 8, of: 1000) == 1000)
    #expect(configuration.images(afterSteps: .max, of: 1000) == 1000)
    #expect(configuration.images(afterSteps: .max, of: nil) > 0)
    #expect(configuration.images(afterSteps: -1, of: 1000) == 0)
    #expect(configuration.images(afterSteps: 3, of: nil) == 3 * 128)
  }
}
