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
    let (alerts, left) = view.alerts.map { JSONValue.string($0.cut(to: 500)) }.fitting(5000)
    return [
      "sweep": .string(view.sweep.cut(to: 500)), "origin": .string(view.origin.cut(to: 500)),
      "points": view.counts.json, "complete": .bool(view.isComplete),
      "paused": .bool(view.isPaused), "lacking_pictures": .int(view.lackingPictures),
      "points_per_hour": .rounded(view.pointsPerHour),
      "images_per_second": .rounded(view.imagesPerSecond),
      "seconds_left": view.secondsLeft.map {
        [.rounded($0.lowerBound), .rounded($0.upperBound)]
      } ?? .null,
      "fleet": view.fleet?.json ?? .null, "faults": .int(view.faults), "alerts": .array(alerts),
      "alerts_left_out": .int(left),
    ]
  }

  private static func failures(_ view: SweepView) -> JSONValue {
    let (rows, _) = view.failures.map { failure -> JSONValue in
      ["point": .string(failure.name.cut(to: 200)), "reason": .string(failure.reason.cut(to: 400))]
    }.fitting(12_000)
    return ["rows": .array(rows), "left_out": .int(max(0, view.counts.failed - rows.count))]
  }

  private static func summary(_ view: SweepView, _ strips: [OutcomeStrip]) -> JSONValue {
    let most = min(
      max(mostDots / max(1, view.summary.count), dotsOfOne.lowerBound), dotsOfOne.upperBound)
    let (rows, left) = view.summary.enumerated().map { place, row in
      Self.row(row, place < strips.count ? strips[place] : OutcomeStrip(), most)
    }.fitting(65_000)
    return ["rows": .array(rows), "left_out": .int(view.summaryLeftOut + left)]
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
    let (rows, left) = sorted.prefix(120).map { host -> JSONValue in
      [
        "host": .string(host.name.cut(to: 60)), "state": .string(host.state.rawValue),
        "last_seen": .rounded(host.lastSeen), "load": .string(host.levels),
        "losses": .array(host.bins.indices.filter { host.bins[$0].isLoss }.map(JSONValue.int)),
      ]
    }.fitting(26_000)
    return [
      "seconds": .rounded(timeline.now), "bin_seconds": .rounded(timeline.width),
      "slots": .array(timeline.fleet.map { .rounded($0.looks > 0 ? $0.meanSlots : nil) }),
      "busy": .array(timeline.fleet.map { .rounded($0.looks > 0 ? $0.meanBusy : nil) }),
      "hosts": .array(rows),
      "left_out": .int(timeline.leftOut + timeline.hosts.count - sorted.prefix(120).count + left),
    ]
  }

  private static func curves(_ curves: RunningCurves) -> JSONValue {
    let (rows, left) = curves.curves.map { curve -> JSONValue in
      [
        "configuration": .string(
          ("\(curve.net.architecture)" + (curve.net.sampling ? "" : " without sampling"))
            .cut(to: 100)), "key": .string(curve.key.short),
        "host": .string(curve.host.cut(to: 60)), "running": .bool(curve.isRunning),
        "epochs": .array(curve.places.map { .int($0.epoch) }),
        "test_total": .array(curve.places.map { .rounded($0.testTotal) }),
      ]
    }.fitting(30_000)
    return ["rows": .array(rows), "left_out": .int(curves.leftOut + left)]
  }

  private static func workers(_ view: SweepView, room: Int) -> JSONValue {
    let (rows, left) = view.workers.map { worker -> JSONValue in
      let epochs = worker.running.map(\.epoch)
      let done = worker.running.reduce(0.0) { $0 + $1.fraction }
      return [
        .string(worker.host.cut(to: 60)), .int(worker.process), .int(worker.slots),
        .int(worker.running.count), JSONValue(epochs.min()), JSONValue(epochs.max()),
        .rounded(epochs.isEmpty ? nil : done / Double(epochs.count)), .int(worker.finished),
        .rounded(worker.imagesPerSecond), .number((10 * min(1e6, worker.silent)).rounded() / 10),
        JSONValue(worker.drained.map { $0.cut(to: 200) }),
      ]
    }.fitting(max(0, room))
    return [
      "columns": .array(
        [
          "host", "process", "slots", "running", "epoch_least", "epoch_most", "fraction",
          "finished", "images_per_second", "seconds_silent", "drained",
        ].map(JSONValue.string)),
      "rows": .array(rows), "left_out": .int(left),
    ]
  }
}

extension HostTimeline.Host {
  /// A character for each bin: `.` where it was not connected, else how busy it was, from 0 to 9.
  fileprivate var levels: String {
    String(bins.map { bin in bin.load.map { Character("\(Int((9 * $0).rounded()))") } ?? "." })
  }
}

extension [JSONValue] {
  /// The first of them that fit into so many bytes, and how many do not.
  fileprivate func fitting(_ bytes: Int) -> (fitting: [JSONValue], left: Int) {
    var used = 0
    let count =
      firstIndex { value in
        used += value.compact.utf8.count + 1
        return used > bytes
      } ?? self.count
    return (Array(prefix(count)), self.count - count)
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
