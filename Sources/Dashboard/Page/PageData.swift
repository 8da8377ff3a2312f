import Foundation
package import Sweep
import VAE
import Wire

/// What `/api/page` answers: everything that the live page shows at one moment, in a bounded number of bytes.
///
/// Each part has an upper bound of its own, and the rows of workers, of which there may be most, get what the
/// others leave. What a part leaves out it counts.
package struct PageData: Sendable {
  /// In bytes of JSON; a page is never larger.
  package static let largest = 195_000
  /// Dots of all strips together, and of each.
  private static let mostDots = 4000
  private static let dotsOfOne = 20...200
  /// Hosts with a row in the timeline.
  private static let mostHosts = 120

  package let json: JSONValue

  package init(_ snapshot: SweepSnapshot, program: ProgramFacts) {
    let view = SweepView(snapshot.status)
    var parts: [JSONValue.Member] = [
      .init("program", .string("vaesweep \(program.version)")),
      .init("status", Self.status(view)),
      .init("failures", Self.failures(view)),
      .init("summary", Self.summary(view, snapshot.history.strips)),
      .init("timeline", Self.timeline(snapshot.history.timeline)),
      .init("curves", Self.curves(snapshot.history.curves)),
    ]
    let used = parts.reduce(0) { $0 + $1.value.compact.utf8.count }
    parts.append(.init("workers", Self.workers(view, room: Self.largest - 1000 - used)))
    json = .object(parts)
  }

  // MARK: the parts

  private static func status(_ view: SweepView) -> JSONValue {
    let alerts = BoundedRows(view.alerts.map { JSONValue.string($0.cut(to: 500)) }, within: 5000)
    return [
      "sweep": .string(view.sweep.cut(to: 500)), "origin": .string(view.origin.cut(to: 500)),
      "points": view.counts.json, "complete": .bool(view.isComplete),
      "paused": .bool(view.isPaused), "lacking_artifacts": .int(view.lackingArtifacts),
      "points_per_hour": .rounded(view.pointsPerHour),
      "images_per_second": .rounded(view.imagesPerSecond),
      "seconds_left": view.secondsLeft.map {
        [.rounded($0.lowerBound), .rounded($0.upperBound)]
      } ?? .null,
      "fleet": view.fleet?.json ?? .null, "faults": .int(view.faults), "alerts": alerts.json,
      "alerts_left_out": .int(alerts.leftOut),
    ]
  }

  private static func failures(_ view: SweepView) -> JSONValue {
    let failures = BoundedRows(
      view.failures.map { failure -> JSONValue in
        [
          "point": .string(failure.name.cut(to: 200)),
          "reason": .string(failure.reason.cut(to: 400)),
        ]
      }, within: 12_000)
    return [
      "rows": failures.json, "left_out": .int(max(0, view.counts.failed - failures.rows.count)),
    ]
  }

  private static func summary(_ view: SweepView, _ strips: [OutcomeStrip]) -> JSONValue {
    let most = min(
      max(mostDots / max(1, view.summary.count), dotsOfOne.lowerBound), dotsOfOne.upperBound)
    let rows = BoundedRows(
      view.summary.enumerated().map { place, row in
        Self.row(row, place < strips.count ? strips[place] : OutcomeStrip(), most)
      }, within: 65_000)
    return ["rows": rows.json, "left_out": .int(view.summaryLeftOut + rows.leftOut)]
  }

  /// A dot for each run, or where they are too many some of them, at even ranks, with the quartiles of all.
  private static func row(_ row: SummaryRow, _ strip: OutcomeStrip, _ most: Int) -> JSONValue {
    let dots = strip.dots(atMost: most)
    let quartiles: [JSONValue] =
      dots.count < strip.count ? [0.25, 0.5, 0.75].map { .rounded(strip.quantile($0)) } : []
    return [
      "configuration": .string(row.configuration.cut(to: 160)), "planned": .int(row.planned),
      "ok": .int(row.ok), "diverged": .int(row.diverged), "mean": .rounded(row.mean),
      "sd": .rounded(row.sd), "collapsed": .rounded(row.collapsed),
      "dots": .array(dots.map(JSONValue.rounded)), "quartiles": .array(quartiles),
    ]
  }

  private static func timeline(_ timeline: HostTimeline) -> JSONValue {
    // What went wrong is looked for first.
    let order: [HostTimeline.State] = [.lost, .connected, .left]
    let sorted = order.flatMap { state in
      timeline.hosts.filter { $0.state == state }.sorted { $0.name < $1.name }
    }
    let rows = BoundedRows(
      sorted.prefix(mostHosts).map { host -> JSONValue in
        [
          "host": .string(host.name.cut(to: 60)), "state": .string(host.state.rawValue),
          "last_seen": .rounded(host.lastSeen), "load": .string(host.levels),
          "losses": .array(host.bins.indices.filter { host.bins[$0].isLoss }.map(JSONValue.int)),
        ]
      }, within: 26_000)
    return [
      "seconds": .rounded(timeline.now), "bin_seconds": .rounded(timeline.width),
      "slots": .array(timeline.fleet.map { .rounded($0.looks > 0 ? $0.meanSlots : nil) }),
      "busy": .array(timeline.fleet.map { .rounded($0.looks > 0 ? $0.meanBusy : nil) }),
      "hosts": rows.json,
      "left_out": .int(timeline.leftOut + timeline.hosts.count - rows.rows.count),
    ]
  }

  private static func curves(_ curves: RunningCurves) -> JSONValue {
    let rows = BoundedRows(
      curves.curves.map { curve -> JSONValue in
        [
          "configuration": .string(
            ("\(curve.net.architecture)" + (curve.net.sampling ? "" : " without sampling"))
              .cut(to: 100)), "key": .string(curve.key.short),
          "host": .string(curve.host.cut(to: 60)), "running": .bool(curve.isRunning),
          "epochs": .array(curve.places.map { .int($0.epoch) }),
          "test_total": .array(curve.places.map { .rounded($0.testTotal) }),
        ]
      }, within: 30_000)
    return ["rows": rows.json, "left_out": .int(curves.leftOut + rows.leftOut)]
  }

  private static func workers(_ view: SweepView, room: Int) -> JSONValue {
    let rows = BoundedRows(
      view.workers.map { worker -> JSONValue in
        let epochs = worker.running.map(\.epoch)
        let done = worker.running.reduce(0.0) { $0 + $1.fraction }
        return [
          .string(worker.host.cut(to: 60)), .int(worker.process), .int(worker.slots),
          .int(worker.running.count), JSONValue(epochs.min()), JSONValue(epochs.max()),
          .rounded(epochs.isEmpty ? nil : done / Double(epochs.count)), .int(worker.finished),
          .rounded(worker.imagesPerSecond), .number((10 * min(1e6, worker.silent)).rounded() / 10),
          JSONValue(worker.drained.map { $0.cut(to: 200) }),
        ]
      }, within: max(0, room))
    // Of very many a coordinator tells the first one by one, and counts them all.
    let connected = max(view.workers.count, view.fleet?.workers.total ?? 0)
    return [
      "columns": .array(
        [
          "host", "process", "slots", "running", "epoch_least", "epoch_most", "fraction",
          "finished", "images_per_second", "seconds_silent", "drained",
        ].map(JSONValue.string)),
      "rows": rows.json, "left_out": .int(connected - rows.rows.count),
    ]
  }
}

extension HostTimeline.Host {
  /// A character for each bin: `.` where it was not connected, else how busy it was, from 0 to 9.
  fileprivate var levels: String {
    String(bins.map { bin in bin.load.map { Character("\(Int((9 * $0).rounded()))") } ?? "." })
  }
}

extension JSONValue {
  /// To six significant digits; null where it is no finite number.
  fileprivate static func rounded(_ value: Double?) -> JSONValue {
    guard let value, value.isFinite, abs(value) < 1e15 else { return .null }
    guard value != 0 else { return .int(0) }
    let digits = 5 - Int(log10(abs(value)).rounded(.down))
    let scale = pow(10, Double(min(15, max(0, digits))))
    return .number((value * scale).rounded() / scale)
  }
}

extension String {
  /// Its beginning, where it is longer than so many bytes.
  fileprivate func cut(to bytes: Int) -> String {
    guard utf8.count > bytes else { return self }
    var text = ""
    var used = 3
    for character in self {
      used += character.utf8.count
      guard used <= bytes else { break }
      text.append(character)
    }
    return text + "…"
  }
}
