import Coordinator
import Dashboard
import ResultStore
import StoredStudy
import Sweep
import SweepFile
import VAE

/// How the sweeps of a store stand, by the store alone; a point that two of them share counts once.
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
  let failures: [Failure]
  let cancelled: Int
  let lackingPictures: Int
  /// What a person should look at, a line each.
  let alerts: [String]

  /// Points without an outcome that are neither failed nor cancelled.
  ///
  /// A store may hold outcomes that none of its sweeps asks for any more.
  var missing: Int {
    max(0, points - progress.ok - progress.diverged - failures.count - cancelled)
  }

  init(_ reader: StoreReader) throws(StoreError) {
    path = reader.path
    let sweeps = try reader.sweeps()
    progress = try reader.progress()
    let read = ReadDefinitions(sweeps, of: reader.path)
    leftOut = read.leftOut
    definitions = read.definitions
    let grids = read.definitions.map(\.grid)
    var names: [String] = []
    for sweep in sweeps where !names.contains(sweep.name) { names.append(sweep.name) }
    self.names = names
    let looks = try StoredLooks(reader, read.definitions)
    let orders = try reader.orders()
    let cancelled = try CancelledPoints(reader, orders, grids, looks)
    self.cancelled = cancelled.count
    failures = try reader.troubledPoints().filter {
      $0.tally.isFailed && !looks.isUnneeded($0.point) && !cancelled.contains($0.point)
    }.map { Failure(key: $0.key, point: $0.point, reason: $0.tally.reason.message) }
    alerts =
      StandingOrders(orders).alerts + (try reader.drainedHosts()).map { "drained: \($0.reason)" }
    points = Grid.plannedOnce(grids).reduce(0) {
      $0 + $1.points - looks.untrainedCount($1.configuration)
    }
    lackingPictures = try Self.lackingPictures(reader, read.definitions)
  }

  private static func lackingPictures(_ reader: StoreReader, _ definitions: [SweepDefinition])
    throws(StoreError) -> Int
  {
    // Without pictures no outcome needs to be looked at.
    guard definitions.contains(where: { !$0.pictures.kinds.isEmpty }) else { return 0 }
    let pictures = try LackingPictures(reader)
    var count = 0
    try reader.forEachOutcome {
      if pictures.isLacking($0.outcome, for: definitions) { count += 1 }
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
    counts.ok = progress.ok
    counts.diverged = progress.diverged
    counts.failed = standing.failures.count
    counts.cancelled = standing.cancelled
    counts.running = progress.running
    counts.waiting = max(0, standing.missing - progress.running)
    lackingPictures = standing.lackingPictures
    failures = standing.failures.prefix(Self.mostFailures).map {
      Failure(name: $0.point.shown, reason: $0.reason)
    }
    faults = progress.faults
    alerts = standing.alerts
    self.summary = summary.rows
    summaryLeftOut = summary.leftOut
  }
}
