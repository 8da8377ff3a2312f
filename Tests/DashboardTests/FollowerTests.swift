import Coordinator
import Dashboard
import Sweep
import TestSupport
import Testing
import VAE
import Wire

@Suite("What follows a coordinator")
struct FollowerTests {
  private struct OneSecond: PointTiming {
    func learn(_ outcome: Outcome, _ receipt: Receipt) {}
    func seconds(_ configuration: Configuration) -> ClosedRange<Double>? { 10...20 }
  }

  private func follower(
    _ grid: Grid, interval: Duration = .zero, in folder: TemporaryFolder
  ) -> SweepFollower {
    SweepFollower(grid, store: folder["none.sqlite"], interval: interval) { OneSecond() }
  }

  private func status(epoch: UInt64, images: Int, refused: Int) -> StatusReply {
    var status = StatusReply(
      sweep: "x", coordinatorEpoch: epoch, points: 4, ok: 0, diverged: 0, failed: 0, running: 0,
      workers: [], pointsPerHour: 0, secondsLeft: nil)
    status.imagesTrained = images
    status.refused = [RefusedCount(reason: "key", count: refused)]
    return status
  }

  @Test("Counters go on where a coordinator goes on with another sweep")
  func counters() throws {
    let folder = try TemporaryFolder()
    let grid = try RunFixture.grid(["784-16-2"], seeds: 4)
    let follower = follower(grid, in: folder)
    #expect(follower.board.snapshot == nil)
    for (epoch, images, refused, total) in [
      (1, 100, 1, (100, 1)), (1, 300, 2, (300, 2)), (2, 0, 0, (300, 2)), (2, 50, 1, (350, 3)),
      (3, 10, 0, (360, 3)),
    ] as [(UInt64, Int, Int, (Int, Int))] {
      if epoch > 1 { follower.goOn(with: grid) }
      follower.publish(status(epoch: epoch, images: images, refused: refused))
      let shown = try #require(follower.board.snapshot?.status)
      #expect(shown.imagesTrained == total.0)
      #expect(shown.refused.map(\.count) == [total.1])
    }
    #expect(follower.board.snapshot?.number == 5)
  }

  @Test("What is put out has the hosts, the curves and a strip for each row of the summary")
  func history() throws {
    let folder = try TemporaryFolder()
    let grid = try RunFixture.grid(["784-16-2"], seeds: 4)
    let follower = follower(grid, in: folder)
    var shown = status(epoch: 1, images: 0, refused: 0)
    let point = try #require(grid.point(at: 2))
    let attempt = AttemptID(epoch: 1, counter: 1)
    shown.workers = [
      WorkerStatus(
        host: "alpha", process: 1, slots: 2, finished: 0,
        running: [
          RunningPoint(
            attempt: attempt, key: point.key(dataset: Digest(of: "data"), trainerVersion: 1),
            architecture: point.configuration.architecture, sampling: true,
            progress: AttemptProgress(
              step: 1, steps: 9, epoch: 2, ended: EpochLoss(epoch: 1, testTotal: 170)))
        ])
    ]
    follower.publish(shown)
    let first = try #require(follower.board.snapshot?.history)
    #expect(first.timeline.hosts.map(\.name) == ["alpha"])
    #expect(first.timeline.hosts.first?.bins.last?.load == 0.5)
    #expect(first.curves.curves.map { $0.places.map(\.testTotal) } == [[170]])
    let record = Record.outcome(
      RunFixture.outcome(point, total: 150, earlier: [170, 160]), RunFixture.receipt,
      attempt: attempt, session: SessionID(1))
    follower.follow([CommittedRecord(record)], took: .zero)
    shown.workers = []
    let deadline = ContinuousClock.now + .seconds(300)
    var last = first
    while last.strips.first?.count != 1, ContinuousClock.now < deadline {
      follower.publish(shown)
      last = try #require(follower.board.snapshot?.history)
    }
    // The mean of its last epochs.
    #expect(last.strips.map { $0.dots(atMost: 9) } == [[160]])
    #expect(last.curves.curves.map { $0.places.map(\.testTotal) } == [[170, 160, 150]])
    #expect(last.timeline.hosts.map(\.state) == [.left])
    // Another sweep, on the same hosts.
    follower.goOn(with: grid)
    follower.publish(shown)
    let other = try #require(follower.board.snapshot?.history)
    #expect(other.curves.curves.isEmpty && other.timeline.hosts.count == 1)
  }

  @Test("Snapshots are put out at a limited rate")
  func rate() throws {
    let folder = try TemporaryFolder()
    let follower = follower(
      try RunFixture.grid(["784-16-2"], seeds: 4), interval: .seconds(3600), in: folder)
    for _ in 0..<100 { follower.publish(status(epoch: 1, images: 0, refused: 0)) }
    #expect(follower.board.snapshot?.number == 1)
  }

  @Test("What is committed is in the summary of whoever watches, with how long the rest takes")
  func summary() throws {
    let folder = try TemporaryFolder()
    let grid = try RunFixture.grid(["784-16-2"], seeds: 4)
    let follower = follower(grid, in: folder)
    var shown = status(epoch: 1, images: 0, refused: 0)
    shown.ok = 1
    shown.fleet.add(slots: 2, running: 0, isDrained: false)
    var first = shown
    // From now on it is kept.
    follower.complete(&first)
    let point = try #require(grid.point(at: 2))
    let outcome = RunFixture.outcome(point, total: 150)
    let record = Record.outcome(
      outcome, RunFixture.receipt, attempt: AttemptID(epoch: 1, counter: 1), session: SessionID(1))
    follower.follow(
      [CommittedRecord(record), CommittedRecord(record, .alreadyStored)], took: .zero)
    // On a thread of its own: asked until it has got there.
    let deadline = ContinuousClock.now + .seconds(300)
    var found = shown
    while ContinuousClock.now < deadline {
      found = shown
      follower.complete(&found)
      if found.summary.first?.ok == 1 { break }
    }
    #expect(found.summary.map(\.ok) == [1] && found.summary.map(\.planned) == [4])
    #expect(found.summary.first?.mean == 150)
    // Three points on two slots.
    #expect(found.secondsLeftRange == 15...30)
    // There was no store to begin with, and it says so.
    #expect(
      found.alerts.contains { $0.hasPrefix("the summary lacks what the store held before: ") })
    var paused = shown
    paused.isPaused = true
    follower.complete(&paused)
    #expect(paused.secondsLeftRange == nil)
  }
}
