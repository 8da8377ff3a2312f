import Sweep
import Synchronization

/// What the dashboard answers to each path, made once for each snapshot however many ask.
package final class DashboardPages: Sendable {
  package struct Page: Hashable, Sendable {
    package let type: String
    package let body: [UInt8]
    /// Names this body among all that the path ever answers, so that who has it need not get it again.
    package var tag: String?
    /// What a browser may do with it; nil where it is no document.
    package var policy: String?
  }

  package enum Answer: Hashable, Sendable {
    case page(Page)
    /// There is no such page.
    case unknown
    /// The coordinator has not begun yet.
    case early
  }

  private enum Path: String {
    case live = "/"
    case page = "/api/page"
    case metrics = "/metrics"
    case status = "/api/status"
    case summary = "/api/summary"
    case points = "/api/points"
  }

  private struct Made {
    var number = 0
    var pages: [Path: Page] = [:]
  }

  private let board: SweepBoard
  private let program: ProgramFacts
  private let made = Mutex(Made())
  /// Of this server's tags, so that none is taken for one of an earlier start.
  private let start = String(UInt64.random(in: 0...UInt64.max), radix: 36)

  package init(_ board: SweepBoard, program: ProgramFacts) {
    self.board = board
    self.program = program
  }

  package func answer(_ path: String) -> Answer {
    guard let path = Path(rawValue: path) else { return .unknown }
    // It is there before the coordinator is, and says that it waits.
    if path == .live { return .page(Self.live) }
    guard let snapshot = board.snapshot else { return .early }
    let known = made.withLock { $0.number == snapshot.number ? $0.pages[path] : nil }
    if let known { return .page(known) }
    let page = make(path, snapshot)
    made.withLock { made in
      // Another may have made pages of a newer one meanwhile.
      guard snapshot.number >= made.number else { return }
      if snapshot.number > made.number { made = Made(number: snapshot.number) }
      made.pages[path] = page
    }
    return .page(page)
  }

  private func make(_ path: Path, _ snapshot: SweepSnapshot) -> Page {
    switch path {
    case .live: Self.live
    case .page:
      Page(
        type: "application/json",
        body: Array((PageData(snapshot, program: program).json.compact + "\n").utf8),
        tag: "\"\(start)-\(snapshot.number)\"")
    case .metrics:
      Page(
        type: "text/plain; version=0.0.4; charset=utf-8",
        body: Array(SweepMetrics(snapshot, program: program).text.utf8))
    case .status: Self.json(SweepView(snapshot.status).json)
    case .summary: Self.json(SweepView(snapshot.status).summaryJSON)
    case .points: Self.json(SweepView(snapshot.status).pointsJSON)
    }
  }

  private static let live = Page(
    type: "text/html; charset=utf-8", body: LivePage.bytes, policy: LivePage.policy)

  private static func json(_ value: JSONValue) -> Page {
    Page(type: "application/json", body: Array((value.compact + "\n").utf8))
  }
}
