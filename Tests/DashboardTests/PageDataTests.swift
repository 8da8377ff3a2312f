import Dashboard
import Sweep
import TestSupport
import Testing
import VAE
import Wire

@Suite("What the page is told")
struct PageDataTests {
  private let program = ProgramFacts(version: "0.1.0", trainerVersion: 1)

  private func data(_ status: StatusReply, _ history: SweepHistory) -> JSONValue {
    PageData(
      SweepSnapshot(
        status: status, counters: SweepCounters(since: 0), history: history, number: 1),
      program: program
    ).json
  }

  private func rows(_ json: JSONValue, _ part: String) -> [JSONValue] {
    guard case .array(let rows)? = json[part]?[part == "timeline" ? "hosts" : "rows"] else {
      return []
    }
    return rows
  }

  @Test("Is the view, with its curves, strips and hosts")
  func small() throws {
    var status = try ViewFixture.status()
    status.workers[0].running[0].progress.ended = EpochLoss(epoch: 11, testTotal: 153.123_456_7)
    var history = SweepHistory()
    history.look(status, at: 0)
    var strip = OutcomeStrip()
    strip.add(151.25, of: status.workers[0].running[0].key)
    history.strips = [strip, OutcomeStrip()]
    let json = data(status, history)
    #expect(json["status"]?["points"]?["ok"] == 18)
    #expect(json["status"]?["seconds_left"] == [.number(600), .number(840)])
    #expect(rows(json, "summary").map { $0["dots"] } == [[.number(151.25)], []])
    #expect(rows(json, "summary").allSatisfy { $0["quartiles"] == [] })
    #expect(rows(json, "failures").count == 2 && json["failures"]?["left_out"] == 0)
    let curves = rows(json, "curves")
    #expect(curves.count == 3)
    #expect(curves[0]["test_total"] == [.number(153.123)] && curves[0]["epochs"] == [11])
    #expect(curves[0]["configuration"] == "784-256-32-8-4" && curves[0]["running"] == true)
    #expect(rows(json, "timeline").map { $0["load"] } == ["7", "0"])
    #expect(rows(json, "timeline").map { $0["state"] } == ["connected", "connected"])
    let workers = rows(json, "workers")
    #expect(
      workers.map(\.compact) == [
        "[\"alpha\",11,4,3,1,12,0.163333,8,113995,0.7,null]",
        "[\"beta\",12,2,0,null,null,null,0,null,9,\"3 different points failed on host beta\"]",
      ])
    #expect(json["workers"]?["left_out"] == 0)
  }

  @Test("A sweep of which nothing is known yet is told as well")
  func empty() {
    let status = StatusReply(
      sweep: "x", coordinatorEpoch: 1, points: 0, ok: 0, diverged: 0, failed: 0, running: 0,
      workers: [], pointsPerHour: 0, secondsLeft: nil)
    let json = data(status, SweepHistory())
    #expect(json["status"]?["complete"] == true)
    for part in ["failures", "summary", "timeline", "curves", "workers"] {
      #expect(rows(json, part).isEmpty)
    }
  }

  /// A thousand hosts of sixteen slots, eighty configurations of 1,250 runs, a week of time.
  private func large(host: (Int) -> String, configuration: (Int) -> String) throws -> JSONValue {
    var status = try ViewFixture.status()
    status.points = 100_000
    status.ok = 90_000
    status.workers = try (0..<1000).map { place in
      var worker = WorkerStatus(
        host: host(place), process: 1_000_000 + place, slots: 16, finished: 90,
        running: try (0..<2).map {
          var point = try ViewFixture.running("784-256-32-8-4", epoch: 100 + place % 30, step: 16)
          point.attempt = AttemptID(epoch: 1, counter: UInt64(16 * place + $0))
          return point
        })
      worker.imagesPerSecond = 113_995.4 + Double(place)
      worker.silent = .milliseconds(999)
      return worker
    }
    status.summary = (0..<80).map {
      SummaryRow(
        configuration: configuration($0), planned: 1250, ok: 1125, diverged: 1, mean: 151.204_567,
        sd: 1.345_678_9, collapsed: 0.123_456_78)
    }
    var history = SweepHistory()
    for minute in 0..<120 {
      for worker in status.workers.indices {
        for place in status.workers[worker].running.indices {
          status.workers[worker].running[place].progress.ended = EpochLoss(
            epoch: minute + 1, testTotal: 150 + 1 / Double(minute + 3))
        }
      }
      history.look(status, at: Double(minute) * 5000)
    }
    history.strips = (0..<80).map { place in
      var strip = OutcomeStrip()
      for run in 0..<1125 {
        strip.add(
          150 + Double(run * 7919 % 1125) / 321, of: PointKey(Digest(of: "\(place) \(run)")))
      }
      return strip
    }
    return data(status, history)
  }

  @Test("A thousand workers and a hundred thousand points take less than 200 kB, every worker told")
  func large() throws {
    let json = try large(
      host: { "node-\(1000 + $0)" }, configuration: { "784-256-32-\($0)-4,sampling=true" })
    #expect(json.compact.utf8.count < 200_000)
    #expect(rows(json, "workers").count == 1000)
    #expect(rows(json, "summary").count == 80)
    #expect(rows(json, "timeline").count == 120 && json["timeline"]?["left_out"] == 880)
    #expect(rows(json, "curves").count == RunningCurves.mostCurves)
    for row in rows(json, "summary") {
      guard case .array(let dots)? = row["dots"] else { continue }
      #expect(dots.count == 50)
    }
  }

  @Test(
    "No name makes it larger, and what is left out is counted",
    arguments: [
      String(repeating: "x", count: 480), String(repeating: "\"", count: 480),
      String(repeating: "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}", count: 20),
      "</script><script>alert(1)</script>",
    ])
  func hostile(name: String) throws {
    let json = try large(
      host: { "\($0) \(name)" }, configuration: { "784-256-2,\($0),\(name)" })
    #expect(json.compact.utf8.count < 200_000)
    for (part, all) in [("workers", 1000), ("summary", 80), ("timeline", 1000)] {
      guard case .int(let left)? = json[part]?["left_out"] else {
        Issue.record("\(part) does not tell what it leaves out")
        continue
      }
      #expect(rows(json, part).count + left == all)
      #expect(rows(json, part).count > 30)
    }
  }
}
