import Sweep
import Tables
import Wire

/// A row for each worker: host, slots, images a second, when it was last heard, what it trains.
struct WorkerSection {
  let section: WatchPage.Section

  init(_ view: SweepView, width: Int) {
    let onHost = Dictionary(view.workers.map { ($0.host, 1) }, uniquingKeysWith: +)
    let names = view.workers.map { worker in
      onHost[worker.host] == 1 ? worker.host : "\(worker.host) (\(worker.process))"
    }
    let host = min(max(4, names.map(\.displayWidth).max() ?? 4), max(12, width / 3))
    func row(_ cells: [String]) -> String {
      let fixed = [
        cells[0].cut(toWidth: host).padded(toWidth: host),
        cells[1].padded(toWidth: 5, onLeft: true), cells[2].padded(toWidth: 9, onLeft: true),
        cells[3].padded(toWidth: 6, onLeft: true),
      ]
      return fixed.joined(separator: "  ") + "  " + cells[4]
    }
    let room = width - host - 5 - 9 - 6 - 8
    section = WatchPage.Section(
      headings: [row(["host", "slots", "images/s", "heard", "training"])],
      rows: zip(names, view.workers).map { name, worker in
        row([
          name, "\(worker.slots)", worker.imagesPerSecond.map { Int($0.rounded()).grouped } ?? "–",
          Int(worker.silent) == 0 ? "now" : "\(Int(worker.silent)) s",
          Self.running(worker, width: room),
        ])
      }, noun: "worker")
  }

  /// As many of its points as there is room for, and how many more there are.
  private static func running(_ worker: SweepView.Worker, width: Int) -> String {
    let drained = worker.drained == nil ? "" : "drained"
    guard !worker.running.isEmpty else { return drained.isEmpty ? "–" : drained }
    let points = worker.running.map {
      "\($0.name) epoch \($0.epoch) (\(Int(100 * $0.fraction)) %)"
    }
    var text = drained.isEmpty ? points[0] : "drained; \(points[0])"
    for (place, point) in points.enumerated().dropFirst() {
      let rest = points.count - place
      let longer = "\(text), \(point)"
      let tail = rest > 1 ? " +\(rest - 1)" : ""
      guard longer.displayWidth + tail.displayWidth <= width else { return "\(text) +\(rest)" }
      text = longer
    }
    return text
  }
}

/// A row for each configuration: how many of its runs are ok, their final error, collapse.
struct SummarySection {
  let section: WatchPage.Section

  init(_ view: SweepView, width: Int) {
    // Nothing is known of the errors before the first outcome.
    let rows = view.summary
    let showsDiverged = rows.contains { $0.diverged > 0 }
    let showsCollapsed = rows.contains { $0.collapsed != nil }
    let titles =
      ["ok"] + (showsDiverged ? ["diverged"] : []) + ["error", "sd"]
      + (showsCollapsed ? ["collapsed"] : [])
    let figures = rows.map { row in
      ["\(row.ok)/\(row.planned)"] + (showsDiverged ? ["\(row.diverged)"] : [])
        + [Self.number(row.mean), Self.number(row.sd)]
        + (showsCollapsed ? [Self.number(row.collapsed)] : [])
    }
    let widths = titles.indices.map { column in
      ([titles] + figures).map { $0[column].displayWidth }.max() ?? 0
    }
    let right = widths.reduce(0) { $0 + $1 + 2 }
    let longest = (["configuration"] + rows.map(\.configuration)).map(\.displayWidth).max() ?? 0
    let left = min(longest, max(12, width - right))
    func line(_ name: String, _ cells: [String]) -> String {
      zip(cells, widths).reduce(name.cut(toWidth: left).padded(toWidth: left)) {
        $0 + "  " + $1.0.padded(toWidth: $1.1, onLeft: true)
      }
    }
    section = WatchPage.Section(
      headings: [line("configuration", titles)],
      rows: zip(rows, figures).map { line($0.configuration, $1) }, more: view.summaryLeftOut,
      noun: "configuration")
  }

  private static func number(_ value: Double?) -> String {
    value.map { $0.shown(decimals: 2) } ?? "–"
  }
}
