import Dashboard
import Sweep
import Testing
import Wire

@Suite("Sizes of what is served")
struct SizeTests {
  /// Bytes of a refresh, at the most.
  private static let most = 200_000

  /// A sweep of 100,000 points on many workers.
  ///
  /// - Parameter host: The name of each host, before its number.
  private func status(workers: Int, slots: Int, host: String = "node-rack-07-") throws
    -> StatusReply
  {
    let one = try ViewFixture.running("784-256-32-8-4", epoch: 12, step: 43)
    var status = StatusReply(
      sweep: "large", coordinatorEpoch: 3, points: 100_000, ok: 40_000, diverged: 10, failed: 20,
      running: workers * slots,
      workers: (0..<workers).map { number in
        var worker = WorkerStatus(
          host: "\(host)\(number)", process: 4_000_000 + number, slots: slots, finished: 1234,
          running: Array(repeating: one, count: slots))
        worker.imagesPerSecond = 113_995.428_571
        worker.silent = .milliseconds(432)
        return worker
      }, pointsPerHour: 12_345.678, secondsLeft: 17_496.2)
    status.summary = (0..<SummaryRow.mostShown).map { number in
      SummaryRow(
        configuration: "784-256-32-8-4, learning_rate 0.00\(number), batch_size 128",
        planned: 200, ok: 80, diverged: 1, mean: 123.456_789_012_345, sd: 0.987_654_321_098,
        collapsed: 1.234_567)
    }
    return status
  }

  private func pages(_ status: StatusReply) -> [String: [UInt8]] {
    let board = SweepBoard()
    board.put(
      SweepSnapshot(status: status, counters: SweepCounters(since: 1_700_000_000), number: 1))
    let pages = DashboardPages(board, program: ProgramFacts(version: "0.1.0", trainerVersion: 1))
    var bodies: [String: [UInt8]] = [:]
    for path in [
      "/", "/metrics", "/api/status", "/api/summary", "/api/points", "/api/page",
    ] {
      if case .page(let page) = pages.answer(path) { bodies[path] = page.body }
    }
    return bodies
  }

  @Test(
    "A refresh at 1,000 workers and 100,000 points is under 200 kB, all of them told",
    arguments: [1, 16])
  func thousand(slots: Int) throws {
    let status = try status(workers: 1000, slots: slots)
    let sizes = pages(status).mapValues(\.count)
    #expect(sizes.count == 6 && sizes.values.allSatisfy { $0 < Self.most }, "\(sizes)")
    let view = SweepView(status)
    #expect(view.json["workers_left_out"] == .int(0))
    #expect(view.summaryJSON["left_out"] == .int(0))
    // Metrics do not grow with the sweep.
    let small = pages(try self.status(workers: 1, slots: 1))
    let lines = [pages(status), small].map { $0["/metrics"]?.count { $0 == UInt8(ascii: "\n") } }
    #expect(lines[0] == lines[1])
  }

  @Test("What there is no room for is counted: many workers with long names, all in trouble")
  func beyond() throws {
    var status = try status(
      workers: 2000, slots: 4, host: String(repeating: "a-long-name-of-a-host-", count: 10))
    status.alerts = (0..<2000).map { "drained: host \($0) failed three points in a row" }
    let sizes = pages(status).mapValues(\.count)
    #expect(sizes.count == 6 && sizes.values.allSatisfy { $0 < Self.most }, "\(sizes)")
    let (view, json) = (SweepView(status), SweepView(status).json)
    guard case .array(let rows)? = json["workers"], case .array(let lines)? = json["alerts"],
      case .array(let running)? = view.pointsJSON["running"]
    else {
      Issue.record("no lists")
      return
    }
    #expect(json["workers_left_out"] == .int(2000 - rows.count) && rows.count > 300)
    #expect(json["alerts_left_out"] == .int(2000 - lines.count) && lines.count > 300)
    #expect(view.pointsJSON["running_left_out"] == .int(8000 - running.count))
  }
}
