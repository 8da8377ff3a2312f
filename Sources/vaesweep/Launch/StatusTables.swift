import Coordinator
import ResultStore
import StoredStudy
import Sweep
import SweepFile
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
        .number("lacking_pictures"),
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
      .integer(status.lackingPictures),
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

  /// As a store tells it; a point that two sweeps share counts once, and what an extension or another
  /// start has taken the place of is asked for no more.
  init(_ reader: StoreReader) throws(StoreError) {
    let all = try reader.sweeps()
    let sweeps = all.current
    let progress = try reader.progress()
    let read = ReadDefinitions(sweeps, of: reader.path)
    for line in read.leftOut { Console.say(line) }
    let definitions = read.definitions
    let grids = definitions.map(\.grid)
    var names: [String] = []
    for sweep in sweeps where !names.contains(sweep.name) { names.append(sweep.name) }
    var list = Table(columns: ["key", "configuration", "seeds", "reason"])
    var failures: [JSONValue] = []
    let looks = try StoredLooks(reader, definitions)
    let cancelled = try CancelledPoints(reader, definitions, looks)
    for troubled in try reader.troubledPoints()
    where troubled.tally.isFailed && looks.isAsked(troubled.point, by: grids)
      && !cancelled.contains(troubled.point)
    {
      let (point, reason) = (troubled.point, troubled.tally.reason.message)
      list.append([
        .text(troubled.key.short), .text(point.configuration.shown), .text(point.seeds.shown),
        .text(reason),
      ])
      failures.append(
        .object(
          [JSONValue.Member("key", .string(troubled.key.description))]
            + point.configuration.members
            + [JSONValue.Member("seed", JSONValue(point.seeds.shared.map(Int.init)))]
            + point.seeds.members + [JSONValue.Member("reason", .string(reason))]))
    }
    let done = try Self.done(reader, progress, grids, isAll: sweeps.count == all.count)
    let alerts =
      try Self.orderAlerts(reader, names)
      + (try reader.drainedHosts()).map { "drained: \($0.reason)" }
    let before =
      done.others == 0
      ? []
      : [
        "\(done.others.of("outcome")) beside these, of points that are asked for no more since the sweep "
          + "was changed"
      ]
    var summary = Table(
      caption: ["store \(reader.path), coordinator epoch \(progress.coordinatorEpoch)"]
        + before + alerts.map { "ATTENTION: \($0)" },
      columns: [
        "sweeps", .number("points"), .number("ok"), .number("diverged"), .number("failed"),
        .number("cancelled"), .number("missing"), .number("lacking_pictures"), .number("running"),
        .number("waiting"), .number("faults"),
        .number("finished_in_last_hour"),
        "failures", "alerts",
      ])
    let points = Grid.plannedOnce(grids).reduce(0) {
      $0 + $1.points - looks.untrainedCount($1.configuration)
    }
    // A sweep that this program cannot read may have outcomes too.
    let missing = max(0, points - done.ok - done.diverged - failures.count - cancelled.count)
    summary.append([
      .text(names.joined(separator: ", ")), .integer(points),
      .integer(done.ok), .integer(done.diverged), .integer(failures.count),
      .integer(cancelled.count), .integer(missing),
      .integer(try Self.lackingPictures(reader, definitions)),
      .integer(progress.running), .integer(progress.waiting), .integer(progress.faults),
      .integer(progress.finishedInLastHour),
      .value(.array(failures), shown: failures.isEmpty ? "none" : "below"),
      .value(.array(alerts.map(JSONValue.string)), shown: alerts.isEmpty ? "none" : "above"),
    ])
    self.summary = summary
    self.list = list
    hasGaps = !failures.isEmpty || cancelled.count > 0
  }

  /// What operators have ordered of the sweeps of these names and not taken back.
  private static func orderAlerts(_ reader: StoreReader, _ names: [String]) throws(StoreError)
    -> [String]
  {
    var lines: [String] = []
    for name in names {
      let standing = StandingOrders(try reader.orders(of: name))
      lines += standing.sweepAlerts.map { names.count > 1 ? "sweep \(name): \($0)" : $0 }
      if name == names.last { lines += standing.hostAlerts }
    }
    return lines
  }

  /// Outcomes of the points that are asked for, and how many there are of others.
  ///
  /// - Parameter isAll: Whether nothing is replaced: then every outcome counts.
  private static func done(
    _ reader: StoreReader, _ progress: StoreProgress, _ grids: [Grid], isAll: Bool
  ) throws(StoreError) -> (ok: Int, diverged: Int, others: Int) {
    guard !isAll else { return (progress.ok, progress.diverged, 0) }
    var lookups = grids.map { GridLookup($0) }
    var done = (ok: 0, diverged: 0, others: 0)
    try reader.forEachOutcome { stored in
      let isAsked = lookups.indices.contains {
        lookups[$0].index(of: stored.outcome.point) != nil
      }
      switch stored.outcome.status {
      case _ where !isAsked: done.others += 1
      case .ok: done.ok += 1
      case .diverged: done.diverged += 1
      }
      return true
    }
    return done
  }

  private static func lackingPictures(_ reader: StoreReader, _ definitions: [SweepDefinition])
    throws(StoreError) -> Int
  {
    // Without pictures no outcome needs to be looked at.
    guard definitions.contains(where: { !$0.artifacts.isEmpty }) else { return 0 }
    let pictures = try LackingPictures(reader)
    var count = 0
    try reader.forEachOutcome {
      if pictures.isLacking($0.outcome, for: definitions) { count += 1 }
      return true
    }
    return count
  }
}

extension RunningPoint {
  fileprivate var percent: Int { 100 * progress.step / max(1, progress.steps) }

  fileprivate var shown: String {
    "\(architecture)\(sampling ? "" : " without sampling") \(percent) %"
  }

  fileprivate var json: JSONValue {
    [
      "key": .string(key.description), "architecture": .string(architecture.description),
      "sampling": .bool(sampling), "epoch": .int(progress.epoch), "percent": .int(percent),
    ]
  }
}

extension Configuration {
  /// The architecture and whatever is not at its default.
  fileprivate var shown: String {
    let usual = defaults
    let own = TrainKey.allCases.compactMap { key -> String? in
      guard let value = self[key] else { return nil }
      let isUsual = key == .optimizer ? optimizer.name == "adam" : usual[key] == value
      return isUsual ? nil : "\(key.rawValue) \(value)"
    }
    return ([architecture.description] + own).joined(separator: ", ")
  }
}

extension Seeds {
  fileprivate var shown: String {
    shared.map { "\($0)" } ?? "init \(initialization), order \(order), noise \(noise)"
  }
}
