package import ResultStore
package import Study
package import Sweep
package import VAE

/// A store read once: what its sweeps ask for, and what became of every point.
///
/// Summaries, comparisons, claims and reports are functions of it and of nothing else.
package struct StoredStudy: Sendable {
  /// As the user wrote it.
  package let path: String
  /// In the order they were first started.
  package let sweeps: [StoredSweep]
  /// Of the sweeps that were asked for and that this program can read.
  package let definitions: [SweepDefinition]
  /// Lines that tell what the store holds and this program cannot read: without them its runs, or
  /// its claims, would vanish in silence.
  package let leftOut: [String]
  package let looks: StoredLooks
  /// Points that are in the state failed now.
  package internal(set) var failed: [Point]
  /// In the order of the keys.
  ///
  /// Those of sweeps that were not asked for stay out, and what came after the look that decided.
  package internal(set) var outcomes: [StoredOutcome]
  /// Points without an outcome that operators have cancelled: they are among the missing.
  package internal(set) var cancelled: Int
  /// Which points it is about; nil for all of them.
  package internal(set) var filter: PointFilter?
  /// How many points of each configuration the sweeps ask for now, where it is about a part.
  var askedInPart: [Configuration: Int] = [:]
  let cancelledPoints: CancelledPoints
  let claims: RegisteredClaims
  /// Grids that nothing has taken the place of.
  let current: [Grid]

  /// Those of `leftOut` that tell of claims.
  package var leftOutClaims: [String] { claims.leftOut }

  /// Reads a store.
  ///
  /// - Parameters:
  ///   - sweep: What is asked for, or nil for every sweep that the store has seen.
  ///   - name: Of those the sweeps of this name alone, edited or not.
  ///   - history: How many epochs of each outcome are kept.
  package init(
    _ reader: StoreReader, only sweep: SweepDefinition? = nil, named name: String? = nil,
    history: HistoryDepth = .lastFive
  ) throws(StoreError) {
    path = reader.path
    sweeps = try reader.sweeps()
    let asked = sweeps.filter { name == nil || $0.name == name }
    let read = ReadDefinitions(asked, of: path)
    let definitions = sweep.map { [$0] } ?? read.definitions
    let current = sweep.map { [$0] } ?? ReadDefinitions(asked.current, of: path).definitions
    self.current = current.map(\.grid)
    self.definitions = definitions
    claims = RegisteredClaims(
      try reader.claimFamilies(),
      names: Dictionary(sweeps.map { ($0.definition, $0.name) }) { first, _ in first }, of: path)
    leftOut = (sweep == nil ? read.leftOut : []) + claims.leftOut
    let grids = definitions.map(\.grid)
    var outcomes: [StoredOutcome] = []
    var settled = SettledSeeds(definitions)
    let likelihood = AskedLikelihood(of: current, before: definitions, claims)
    try reader.forEachOutcome(history: history, asked: likelihood) { stored in
      settled.add(stored.outcome)
      if grids.contains(where: { $0.index(of: stored.outcome.point) != nil }) {
        outcomes.append(stored)
      }
      return true
    }
    let looks = StoredLooks(definitions, settled)
    outcomes.removeAll { looks.isUnneeded($0.outcome.point) }
    failed = try reader.troubledPoints().filter(\.tally.isFailed).map(\.point).filter {
      looks.isAsked($0, by: current.map(\.grid))
    }
    self.looks = looks
    self.outcomes = outcomes
    cancelledPoints = try CancelledPoints(reader, current, looks)
    cancelled = cancelledPoints.count
  }

  /// Every configuration that is asked for, in the order of the sweep files, with its points: of a sweep
  /// that another has taken the place of those that have their outcome, as no more are to come.
  package var planned: [Grid.PlannedConfiguration] {
    let all = looks.planned(definitions.map(\.grid))
    guard current.count < definitions.count || filter != nil else { return all }
    var counts = asked
    for stored in outcomes {
      let point = stored.outcome.point
      guard !current.contains(where: { $0.index(of: point) != nil }) else { continue }
      counts[point.configuration, default: 0] += 1
    }
    // Two sweeps name a configuration twice, each with what it adds.
    return all.compactMap { planned in
      guard let points = counts.removeValue(forKey: planned.configuration), points > 0 else {
        return nil
      }
      return Grid.PlannedConfiguration(configuration: planned.configuration, points: points)
    }
  }

  /// How many points of each configuration the sweeps ask for now.
  private var asked: [Configuration: Int] {
    guard filter == nil else { return askedInPart }
    var counts: [Configuration: Int] = [:]
    for planned in looks.planned(current) {
      counts[planned.configuration, default: 0] += planned.points
    }
    return counts
  }

  /// Points of each configuration that are in the state failed now.
  package var failures: [Configuration: Int] {
    Dictionary(grouping: failed, by: \.configuration).mapValues(\.count)
  }

  /// Whether some sweep varies one seed apart from the others.
  package var hasSeedDesign: Bool {
    definitions.contains { !$0.grid.hasSharedSeeds }
  }

  /// Every configuration with its runs.
  package var configurations: [ConfigurationRuns] {
    var runs = RunCollection(
      planned: planned, failed: failures, looks: looksByConfiguration)
    for stored in outcomes { runs.add(stored.outcome, fingerprint: stored.receipt.fingerprint) }
    return runs.all
  }

  /// Every configuration, or every group by `keys`, in figures.
  package func summaries(
    by keys: [ConfigurationKey]?, collapseThreshold: Double
  ) -> [ConfigurationSummary] {
    var summary = SweepSummary(
      planned: planned, failed: failures, by: keys, collapseThreshold: collapseThreshold,
      looks: looksByConfiguration)
    for stored in outcomes { summary.add(stored.outcome) }
    return summary.configurations
  }
}
