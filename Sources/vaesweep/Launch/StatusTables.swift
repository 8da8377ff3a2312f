import Dashboard
import ResultStore
import Sweep
import Tables
import VAE
import Wire

/// How a sweep stands, and the list that belongs to it: the workers, or the points that failed.
///
/// For a person two tables one below the other; for a program one row that holds the list.
struct StatusTables {
  private let summary: Table
  private let list: Table
  /// Whether a point is failed or cancelled: it has no outcome, and is not trained by itself.
  let hasGaps: Bool

  func render(_ format: OutputFormat) -> String {
    let text = summary.render(format)
    guard format == .table || format == .markdown, !list.rows.isEmpty else { return text }
    return text + "\n" + list.render(format)
  }

  /// As a coordinator tells it.
  init(_ status: StatusReply) {
    var list = Table(columns: [
      "host", .number("process"), .number("slots"), .number("finished"), "running", "drained",
    ])
    for worker in status.workers {
      let running = worker.running.map(\.shown).joined(separator: ", ")
      list.append([
        .text(worker.host), .integer(worker.process), .integer(worker.slots),
        .integer(worker.finished),
        .value(.array(worker.running.map(\.json)), shown: running.isEmpty ? "–" : running),
        .value(JSONValue(worker.drained), shown: worker.drained == nil ? "–" : "yes"),
      ])
    }
    var summary = Table(
      caption: [
        "sweep \(status.sweep), coordinator epoch \(status.coordinatorEpoch): "
          + ProgressDisplay.line(status)
      ] + status.alerts.map { "ATTENTION: \($0)" },
      columns: [
        "sweep", .number("points"), .number("ok"), .number("diverged"), .number("failed"),
        .number("cancelled"), .number("missing"), .number("running"), .number("waiting"), "paused",
        .number("workers"), .number("slots"),
        .number("lacking_artifacts"),
        .number("points_per_hour", decimals: 1), .number("seconds_left", decimals: 0), "refused",
        "alerts",
      ])
    summary.append([
      .text(status.sweep), .integer(status.points), .integer(status.ok),
      .integer(status.diverged), .integer(status.failed), .integer(status.cancelled),
      .integer(status.missing), .integer(status.running), .integer(status.waiting),
      .flag(status.isPaused),
      .value(list.json, shown: "\(status.workers.count)"),
      .integer(status.workers.reduce(0) { $0 + $1.slots }),
      .integer(status.lackingArtifacts),
      .number(status.pointsPerHour), Cell(status.secondsLeft), Self.refused(status.refused),
      .value(
        .array(status.alerts.map(JSONValue.string)),
        shown: status.alerts.isEmpty ? "none" : "above"),
    ])
    self.summary = summary
    self.list = list
    hasGaps = status.failed + status.cancelled > 0
  }

  /// What was refused, by reason: every one for a program, those that came up for a person.
  private static func refused(_ counts: [RefusedCount]) -> Cell {
    let shown = counts.filter { $0.count > 0 }.map { "\($0.count) \($0.reason)" }
    return .value(
      .object(counts.map { JSONValue.Member($0.reason, .int($0.count)) }),
      shown: shown.isEmpty ? "none" : shown.joined(separator: ", "))
  }

  /// As a store tells it.
  init(_ standing: StoredStanding) {
    var list = Table(columns: ["key", "configuration", "seeds", "reason"])
    var failures: [JSONValue] = []
    for failure in standing.failures {
      let point = failure.point
      list.append([
        .text(failure.key.short), .text(point.configuration.shown), .text(point.seeds.shown),
        .text(failure.reason),
      ])
      failures.append(
        .object(
          [JSONValue.Member("key", .string(failure.key.description))]
            + point.configuration.members
            + [JSONValue.Member("seed", JSONValue(point.seeds.shared.map(Int.init)))]
            + point.seeds.members + [JSONValue.Member("reason", .string(failure.reason))]))
    }
    let progress = standing.progress
    let before =
      standing.others == 0
      ? []
      : [
        "\(standing.others.of("outcome")) beside these, of points that are asked for no more since the "
          + "sweep was changed"
      ]
    var summary = Table(
      caption: ["store \(standing.path), coordinator epoch \(progress.coordinatorEpoch)"]
        + before + standing.alerts.map { "ATTENTION: \($0)" },
      columns: [
        "sweeps", .number("points"), .number("ok"), .number("diverged"), .number("failed"),
        .number("cancelled"), .number("missing"), .number("lacking_artifacts"), .number("running"),
        .number("waiting"), .number("faults"),
        .number("finished_in_last_hour"),
        "failures", "alerts",
      ])
    summary.append([
      .text(standing.names.joined(separator: ", ")), .integer(standing.points),
      .integer(standing.ok), .integer(standing.diverged), .integer(failures.count),
      .integer(standing.cancelled), .integer(standing.missing),
      .integer(standing.lackingArtifacts),
      .integer(progress.running), .integer(standing.waiting), .integer(progress.faults),
      .integer(progress.finishedInLastHour),
      .value(.array(failures), shown: failures.isEmpty ? "none" : "below"),
      .value(
        .array(standing.alerts.map(JSONValue.string)),
        shown: standing.alerts.isEmpty ? "none" : "above"),
    ])
    self.summary = summary
    self.list = list
    hasGaps = !failures.isEmpty || standing.cancelled > 0
  }
}

extension RunningPoint {
  fileprivate var json: JSONValue {
    [
      "key": .string(key.description), "architecture": .string(architecture.description),
      "sampling": .bool(sampling), "epoch": .int(progress.epoch), "percent": .int(progress.percent),
    ]
  }
}

extension Seeds {
  fileprivate var shown: String {
    shared.map { "\($0)" } ?? "init \(initialization), order \(order), noise \(noise)"
  }
}
