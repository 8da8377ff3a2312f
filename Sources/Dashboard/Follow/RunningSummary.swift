package import Sweep
package import VAE
package import Wire

/// Each configuration over the seeds that have their outcome, as the outcomes come in.
///
/// A few numbers for each configuration, whatever the number of runs; an outcome that comes twice counts
/// once. The whole of a summary, with its intervals, is for `vaesweep summary` to tell.
package struct RunningSummary: Sendable {
  /// Configurations that are followed; a sweep of more has no estimate of its time.
  package static let mostFollowed = 10_000

  private struct Tally: Sendable {
    let configuration: Configuration
    let name: String
    let planned: Int
    var ok = 0
    var diverged = 0
    /// Welford's running mean and sum of squared distances from it.
    var mean = 0.0
    var squares = 0.0
    var valued = 0
    var collapsed = 0
    var counted = 0
    var strip = OutcomeStrip()

    var missing: Int { max(0, planned - ok - diverged) }
  }

  /// Each grid with the positions whose outcome is known.
  private var grids: [(lookup: GridLookup, known: PositionSet)]
  private var tallies: [Tally] = []
  private var places: [Configuration: Int] = [:]
  private let followsAll: Bool
  private let configurations: Int

  /// - Parameter grids: A point that two of them ask for counts once.
  package init(_ grids: [Grid]) {
    self.grids = grids.map { (GridLookup($0), PositionSet()) }
    let planned = Self.planned(grids)
    configurations = grids.reduce(0) { $0 + $1.configurationPositions }
    followsAll = configurations <= Self.mostFollowed
    let shown = planned.prefix(SummaryRow.mostShown).map(\.configuration)
    for (place, plan) in planned.enumerated() {
      let configuration = plan.configuration
      let name = place < shown.count ? configuration.told(apartFrom: shown) : ""
      places[configuration] = place
      tallies.append(Tally(configuration: configuration, name: name, planned: plan.points))
    }
  }

  /// The first configurations, as many as are followed.
  private static func planned(_ grids: [Grid]) -> [Grid.PlannedConfiguration] {
    if grids.count > 1 { return Array(Grid.plannedOnce(grids).prefix(mostFollowed)) }
    var planned: [Grid.PlannedConfiguration] = []
    grids.first?.forEachConfiguration {
      planned.append($0)
      return planned.count < mostFollowed
    }
    return planned
  }

  /// Takes an outcome; whether it is one that a grid asks for and that was not known before.
  package mutating func add(_ outcome: Outcome) -> Bool {
    guard note(outcome.point) else { return false }
    guard let place = places[outcome.point.configuration] else { return true }
    switch outcome.status {
    case .diverged: tallies[place].diverged += 1
    case .ok:
      tallies[place].ok += 1
      if let value = Metric.testTotalLast5.value(of: outcome), value.isFinite {
        tallies[place].valued += 1
        tallies[place].strip.add(value, of: outcome.key)
        let distance = value - tallies[place].mean
        tallies[place].mean += distance / Double(tallies[place].valued)
        tallies[place].squares += distance * (value - tallies[place].mean)
      }
      if let collapsed = outcome.collapsed() {
        tallies[place].collapsed += collapsed
        tallies[place].counted += 1
      }
    }
    return true
  }

  private mutating func note(_ point: Point) -> Bool {
    for place in grids.indices {
      guard let index = grids[place].lookup.index(of: point) else { continue }
      return grids[place].known.insert(index)
    }
    return false
  }

  /// The first configurations in the order of the sweep file.
  package var rows: [SummaryRow] {
    tallies.prefix(SummaryRow.mostShown).map { tally in
      SummaryRow(
        configuration: tally.name, planned: tally.planned, ok: tally.ok, diverged: tally.diverged,
        mean: tally.valued > 0 ? tally.mean : nil,
        sd: tally.valued > 1 ? (tally.squares / Double(tally.valued - 1)).squareRoot() : nil,
        collapsed: tally.counted > 0 ? Double(tally.collapsed) / Double(tally.counted) : nil)
    }
  }

  /// The final errors behind each of the rows.
  package var strips: [OutcomeStrip] { tallies.prefix(SummaryRow.mostShown).map(\.strip) }

  /// Configurations that are not among the rows.
  package var leftOut: Int {
    max(0, (followsAll ? tallies.count : configurations) - SummaryRow.mostShown)
  }

  /// Points without an outcome.
  package var missing: Int { tallies.reduce(0) { $0 + $1.missing } }

  /// Seconds of one core for all that is missing; nil where some of it cannot be told.
  ///
  /// - Parameter seconds: Of one point of a configuration.
  package func secondsLeft(_ seconds: (Configuration) -> ClosedRange<Double>?)
    -> ClosedRange<Double>?
  {
    guard followsAll else { return nil }
    var (least, most) = (0.0, 0.0)
    for tally in tallies where tally.missing > 0 {
      guard let one = seconds(tally.configuration) else { return nil }
      least += one.lowerBound * Double(tally.missing)
      most += one.upperBound * Double(tally.missing)
    }
    return least...most
  }
}
