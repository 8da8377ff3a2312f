import Coordinator
import Sweep
import Testing
import Wire
import Worker

@Suite("A hung trainer")
struct HangTests {
  private func progress(_ step: Int, beats: Int = 0) -> FromTrainer {
    .progress(
      TrainerProgress(progress: AttemptProgress(step: step, steps: 100, epoch: 1, beats: beats)))
  }

  private func failures(_ sent: [WorkerMessage]) -> [FailureReport] {
    sent.compactMap { if case .failure(let report) = $0 { report } else { nil } }
  }

  /// A session with one point in training and `hang` of ten seconds.
  private func training() throws -> (SessionHarness, Grant) {
    var harness = SessionHarness()
    var terms = SessionHarness.terms()
    terms.hang = .seconds(10)
    harness.hear(.terms(terms))
    harness.tell(.datasetFound(path: "/d"))
    harness.makeReady(0)
    let grant = try harness.grant(1)
    harness.hear(.grant(grant))
    _ = harness.takeSent()
    return (harness, grant)
  }

  /// Time passes, with a coordinator that answers.
  private func pass(_ harness: inout SessionHarness, seconds: Int, _ grant: Grant) {
    for _ in 0..<seconds {
      harness.pass(.seconds(1))
      harness.reply(0, keep: [grant.attempt])
    }
  }

  @Test("is killed by its worker after the time, and reported with it")
  func killed() throws {
    var (harness, grant) = try training()
    harness.tell(.trainerSaid(SlotID(0), progress(16)))
    pass(&harness, seconds: 9, grant)
    #expect(harness.kills == 0)
    pass(&harness, seconds: 2, grant)
    #expect(harness.kills == 1)
    let reports = failures(harness.takeSent())
    #expect(reports.first?.reason == .hung(seconds: 10))
    #expect(reports.first?.attempt == grant.attempt)
    // Its end is no second failure, and another trainer takes its place.
    harness.tell(.trainerEnded(SlotID(0), .signal(9)))
    #expect(failures(harness.takeSent()).isEmpty)
    #expect(harness.effects.contains { if case .startTrainer = $0 { true } else { false } })
  }

  @Test("is not one that is slow: a step now and then, or an evaluation batch, is progress")
  func slow() throws {
    var (harness, grant) = try training()
    for round in 1...20 {
      harness.tell(.trainerSaid(SlotID(0), progress(round < 10 ? round : 9, beats: round)))
      pass(&harness, seconds: 9, grant)
    }
    #expect(harness.kills == 0)
  }

  @Test("is not one whose worker stood still: stopped, or on a host that slept")
  func stopped() throws {
    var (harness, grant) = try training()
    pass(&harness, seconds: 5, grant)
    harness.now += .seconds(3600)
    harness.tell(.tick)
    pass(&harness, seconds: 3, grant)
    #expect(harness.kills == 0)
  }

  @Test("that never becomes ready is killed too, and a host with three of them is given up")
  func neverReady() {
    var harness = SessionHarness(wait: .seconds(3600))
    var terms = SessionHarness.terms()
    terms.hang = .seconds(10)
    harness.hear(.terms(terms))
    harness.tell(.datasetFound(path: "/d"))
    for kills in 1...3 {
      harness.pass(.seconds(11))
      #expect(harness.kills == kills)
      harness.tell(.trainerEnded(SlotID(0), .signal(9)))
    }
    #expect(harness.ending?.status == 1)
  }

  @Test("is taken from a worker that does not see it, at twice the time, and counts as a loss")
  func secondLine() throws {
    var harness = try SchedulerHarness(points: 1) { $0.hang = .seconds(10) }
    harness.join(1)
    let grant = try harness.grantOne(1)
    var seconds = 0
    while harness.records.isEmpty, seconds < 100 {
      seconds += 1
      harness.pass(.seconds(1))
      harness.beat(1, holding: [grant.attempt], credit: 0, running: true)
    }
    #expect((20...22).contains(seconds))
    guard case .failure(grant.attempt, _, .hung)? = harness.records.first else {
      Issue.record("\(harness.records)")
      return
    }
    // The worker is told to drop it.
    #expect(harness.takeKeep(1) != nil)
    harness.commit()
    _ = harness.take(1)
    harness.beat(1, holding: [grant.attempt], credit: 0, running: true)
    #expect(harness.takeKeep(1) == [])
    #expect(!harness.isComplete)
  }

  @Test("is not seen in the silence of a worker that was stopped for less than its lease")
  func stoppedWorker() throws {
    var harness = try SchedulerHarness(points: 1) {
      $0.hang = .seconds(10)
      $0.lease = .seconds(1000)
    }
    harness.join(1)
    let grant = try harness.grantOne(1)
    harness.beat(1, holding: [grant.attempt], credit: 0, running: true)
    for _ in 0..<5 {
      harness.pass(.seconds(100))
      harness.beat(1, holding: [grant.attempt], credit: 0, running: true)
    }
    #expect(harness.records.isEmpty)
    harness.ignoreRest()
  }
}
