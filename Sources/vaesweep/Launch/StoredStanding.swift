import Coordinator
import Dashboard
import ResultStore
import StoredStudy
import Sweep
import SweepFile
import VAE

/// How the sweeps of a store stand, by the store alone; a point that two of them share counts once, and
/// what an extension or another start has taken the place of is asked for no more.
struct StoredStanding {
  /// A point that is failed and that some sweep still asks for.
  struct Failure {
    let key: PointKey
    let point: Point
    let reason: String
  }

  let path: String
  /// Of the sweeps, each once.
  let names: [String]
  let definitions: [SweepDefinition]
  /// Lines that tell what of the store cannot be read.
  let leftOut: [String]
  let progress: StoreProgress
  let points: Int
  /// Outcomes of points that are asked for.
  let ok: Int
  let diverged: Int
  /// Outcomes of points that are asked for no more.
  let others: Int
  let failures: [Failure]
  let cancelled: Int
  let lackingArtifacts: Int
  /// What a person should look at, a line each.
  let alerts: [String]

  /// Points without an outcome that are neither failed nor cancelled.
  ///
  /// A sweep that this program cannot read may have outcomes too.
  var missing: Int { max(0, points - ok - diverged - failures.count - cancelled) }

  /// Those of them that nobody trains at present, whoever holds them.
  var waiting: Int { max(0, missing - progress.running) }

  init(_ reader: StoreReader) throws(StoreError) {
    path = reader.path
    let all = try reader.sweeps()
    let sweeps = all.current
    progress = try reader.progress()
    let read = ReadDefinitions(sweeps, of: reader.path)
    leftOut = read.leftOut
    definitions = read.definitions
    let grids = read.definitions.map(\.grid)
    var names: [String] = []
    for sweep in sweeps where !names.contains(sweep.name) { names.append(sweep.name) }
    self.names = names
    let looks = try StoredLooks(reader, read.definitions)
    let cancelled = try CancelledPoints(reader, read.definitions, looks)
    self.cancelled = cancelled.count
    failures = try reader.troubledPoints().filter {
      $0.tally.isFailed && looks.isAsked($0.point, by: grids) && !cancelled.contains($0.point)
    }.map { Failure(key: $0.key, point: $0.point, reason: $0.tally.reason.message) }
    (ok, diverged, others) = try Self.done(
      reader, progress, grids, isAll: sweeps.count == all.count)
    alerts =
      try Self.orderAlerts(reader, names)
      + (try reader.drainedHosts()).map { "drained: \($0.reason)" }
    points = Grid.plannedOnce(grids).reduce(0) {
      $0 + $1.points - looks.untrainedCount($1.configuration)
    }
    lackingArtifacts = try Self.lackingArtifacts(reader, read.definitions)
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

  private static func lackingArtifacts(_ reader: StoreReader, _ definitions: [SweepDefinition])
    throws(StoreError) -> Int
  {
    // Without artifacts no outcome needs to be looked at.
    guard definitions.contains(where: { !$0.artifacts.isEmpty }) else { return 0 }
    let lacking = try LackingArtifacts(reader)
    var count = 0
    try reader.forEachOutcome {
      if lacking.isLacking($0.outcome, for: definitions) { count += 1 }
      return true
    }
    return count
  }
}

extension SweepView {
  /// Most failed points that are named.
  private static let mostFailures = 20

  /// As a store tells it: nothing is known of workers, nor of how long the rest takes.
  init(_ standing: StoredStanding, summary: RunningSummary) {
    let progress = standing.progress
    self.init(
      sweep: standing.names.joined(separator: ", "),
      origin: "store \(standing.path), coordinator epoch \(progress.coordinatorEpoch)")
    counts.points = standing.points
    counts.ok = standing.ok
    counts.diverged = standing.diverged
    counts.failed = standing.failures.count
    counts.cancelled = standing.cancelled
    counts.running = progress.running
    counts.waiting = standing.waiting
    lackingArtifacts = standing.lackingArtifacts
    failures = standing.failures.prefix(Self.mostFailures).map {
      Failure(name: $0.point.shown, reason: $0.reason)
    }
    faults = progress.faults
    alerts = standing.alerts
    self.summary = summary.rows
    summaryLeftOut = summary.leftOut
  }
}
