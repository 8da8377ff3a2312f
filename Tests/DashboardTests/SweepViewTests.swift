import Dashboard
import Sweep
import Testing
import Wire

@Suite("The view of a sweep")
struct SweepViewTests {
  @Test("Every point is counted once, as status counts them")
  func counts() throws {
    let view = try ViewFixture.view()
    let counts = view.counts
    #expect(
      counts.ok + counts.diverged + counts.failed + counts.cancelled + counts.running
        + counts.waiting == counts.points)
    #expect(counts.settled == 22)
    #expect(view.hasGaps && !view.isComplete)
  }

  @Test("The time left is a range where points tell one, else what the rate tells")
  func timeLeft() throws {
    var status = try ViewFixture.status()
    #expect(SweepView(status).secondsLeft == 600...840)
    status.secondsLeftRange = nil
    #expect(SweepView(status).secondsLeft == 660...660)
    status.secondsLeft = nil
    #expect(SweepView(status).secondsLeft == nil)
  }

  @Test("Speed is that of the workers who tell theirs")
  func speed() throws {
    var status = try ViewFixture.status()
    #expect(SweepView(status).imagesPerSecond == 113_995.4)
    status.workers[0].imagesPerSecond = nil
    #expect(SweepView(status).imagesPerSecond == nil)
  }

  @Test("/api/status, /api/summary and /api/points as they are documented")
  func json() throws {
    let view = try ViewFixture.view()
    #expect(
      view.json.compact == """
        {"sweep":"page","origin":"coordinator epoch 3","points":{"total":40,"ok":18,"diverged":1,\
        "failed":2,"cancelled":1,"running":3,"waiting":15},"complete":false,"paused":false,\
        "lacking_artifacts":0,"points_per_hour":1234.4,"images_per_second":113995.4,\
        "seconds_left":[600,840],"workers":[{"host":"alpha","process":11,"slots":4,"finished":8,\
        "running":3,"images_per_second":113995,"seconds_silent":0.7,"drained":null},\
        {"host":"beta","process":12,"slots":2,"finished":0,"running":0,"images_per_second":null,\
        "seconds_silent":9,"drained":"3 different points failed on host beta"}],\
        "workers_left_out":0,"fleet":{"workers":{"training":1,"idle":0,"drained":1},\
        "slots":{"training":3,"idle":1,"drained":2}},"faults":1,"refused":{"key":2,"rate":0},\
        "alerts":["drained: 3 different points failed on host beta within ten seconds of their start"],\
        "alerts_left_out":0}
        """)
    #expect(
      view.summaryJSON.compact == """
        {"configurations":[{"configuration":"784-256-32-8-4","planned":20,"ok":12,"diverged":1,\
        "missing":7,"mean":151.204,"sd":0.345,"collapsed":0.25},{"configuration":"784-16-2",\
        "planned":20,"ok":6,"diverged":0,"missing":14,"mean":178.9,"sd":1.2,"collapsed":0}],\
        "left_out":0}
        """)
    let points = view.pointsJSON
    guard case .array(let running)? = points["running"], case .array(let failed)? = points["failed"]
    else {
      Issue.record("no lists in \(points.compact)")
      return
    }
    #expect(points["running_left_out"] == .int(0) && points["failed_left_out"] == .int(0))
    #expect(running.map { $0["epoch"] } == [.int(12), .int(1), .int(2)])
    #expect(running[0]["host"] == .string("alpha") && running[0]["fraction"] == .number(0.43))
    #expect(
      failed[1] == [
        "point": .string("784-16-2, seed 4"),
        "reason": .string("the trainer process died of signal 11"),
      ])
  }
}
