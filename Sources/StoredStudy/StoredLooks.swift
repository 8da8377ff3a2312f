package import ResultStore
package import Study
package import Sweep
package import VAE

/// What the looks of a store's sweeps decided, from the completed prefixes of their seed lists.
package struct StoredLooks: Sendable {
  /// In the order of the sweep files.
  package private(set) var looks: [(configuration: Configuration, looks: SequentialLooks)] = []
  /// Seeds with an outcome.
  private let done: [Configuration: Set<UInt32>]
  /// Of each sweep: what its looks decided without.
  private var sweeps: [(grid: Grid, unneeded: [Configuration: Set<UInt32>])] = []

  /// Reads outcomes only where some definition has looks.
  ///
  /// - Parameter definitions: Those without `looks:` decide nothing, and need all of their points.
  package init(_ reader: StoreReader, _ definitions: [SweepDefinition]) throws(StoreError) {
    var settled = SettledSeeds(definitions)
    if settled.isWanted {
      try reader.forEachOutcome { stored in
        settled.add(stored.outcome)
        return true
      }
    }
    self.init(definitions, settled)
  }

  init(_ definitions: [SweepDefinition], _ settled: SettledSeeds) {
    done = settled.values.mapValues { Set($0.keys) }
    guard settled.isWanted else { return }
    for definition in definitions {
      var unneeded: [Configuration: Set<UInt32>] = [:]
      if let plan = definition.looks {
        definition.grid.forEachConfiguration { planned in
          let configuration = planned.configuration
          // A failed point has no outcome and may be tried again: a look waits for it.
          let values = (settled.values[configuration] ?? [:]).mapValues { plan.value(of: $0) }
          let seeds = definition.grid.seeds(of: configuration, first: definition.grid.seedCount)
          let taken = SequentialLooks(plan, seeds: seeds, settled: values)
          looks.append((configuration, taken))
          unneeded[configuration] = Set(taken.unneeded)
          return true
        }
      }
      sweeps.append((definition.grid, unneeded))
    }
  }

  /// Whether a point lies beyond the look that decided, in every sweep that asks for it: it need not
  /// be trained, and its outcome is surplus where there is one.
  package func isUnneeded(_ point: Point) -> Bool {
    guard let seed = point.seeds.shared else { return false }
    var isAsked = false
    for sweep in sweeps where sweep.grid.index(of: point) != nil {
      guard sweep.unneeded[point.configuration]?.contains(seed) == true else { return false }
      isAsked = true
    }
    return isAsked
  }

  /// Whether a point is one that some of `grids` asks for and looks did not decide without.
  package func isAsked(_ point: Point, by grids: [Grid]) -> Bool {
    grids.contains { $0.index(of: point) != nil } && !isUnneeded(point)
  }

  /// What `grids` plan, without what looks decided without.
  package func planned(_ grids: [Grid]) -> [Grid.PlannedConfiguration] {
    Grid.plannedOnce(grids).map { planned in
      Grid.PlannedConfiguration(
        configuration: planned.configuration,
        points: planned.points - unneeded(planned.configuration).count)
    }
  }

  /// How many points need not be trained and have no outcome.
  package func untrainedCount(_ configuration: Configuration) -> Int {
    unneeded(configuration).subtracting(done[configuration] ?? []).count
  }

  /// The seeds that looks decided without.
  package var unneeded: [Configuration: Set<UInt32>] {
    var seeds: [Configuration: Set<UInt32>] = [:]
    for configuration in sweeps.flatMap({ $0.unneeded.keys }) where seeds[configuration] == nil {
      seeds[configuration] = unneeded(configuration)
    }
    return seeds
  }

  private func unneeded(_ configuration: Configuration) -> Set<UInt32> {
    let seeds = sweeps.reduce(into: Set()) { $0.formUnion($1.unneeded[configuration] ?? []) }
    return seeds.filter { isUnneeded(Point(configuration: configuration, seeds: Seeds($0))) }
  }

  /// What was decided about each configuration, by the first sweep that looks at it.
  package var byConfiguration: [Configuration: SequentialLooks] {
    var taken: [Configuration: SequentialLooks] = [:]
    for (configuration, looks) in looks where taken[configuration] == nil {
      taken[configuration] = looks
    }
    return taken
  }

  /// Configurations whose standard deviation was stopped on.
  package var stopped: Set<Configuration> {
    Set(looks.filter { $0.looks.biasesDeviation }.map(\.configuration))
  }
}

/// The values that looks read, seed by seed.
struct SettledSeeds {
  /// Whether some definition has looks: nothing is kept otherwise.
  let isWanted: Bool
  private(set) var values: [Configuration: [UInt32: Run]] = [:]

  init(_ definitions: [SweepDefinition]) { isWanted = definitions.contains { $0.looks != nil } }

  mutating func add(_ outcome: Outcome) {
    guard isWanted, let seed = outcome.point.seeds.shared else { return }
    values[outcome.point.configuration, default: [:]][seed] = Run(outcome)
  }
}
