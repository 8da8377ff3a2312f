import ResultStore
import Study
import Sweep
import SweepFile
import VAE

/// Reads what a store holds of its sweeps; `summary`, `compare` and `seeds` share it.
struct StoredRuns {
  private let path: String
  private let sweep: SweepDefinition?

  /// - Parameter sweep: What is planned, or nil for every sweep that the store has seen.
  init(store path: String, sweep: SweepDefinition? = nil) {
    self.path = path
    self.sweep = sweep
  }

  /// Every configuration with its runs.
  func configurations() throws(CommandError) -> [ConfigurationRuns] {
    var runs = RunCollection(planned: [] as [Grid.PlannedConfiguration])
    try read(
      begin: { runs = RunCollection(planned: $0, failed: $1) },
      add: { runs.add($0, fingerprint: $1) })
    return runs.all
  }

  /// Every configuration, or every group by `keys`, in figures.
  func summaries(
    by keys: [ConfigurationKey]?, collapseThreshold: Double
  ) throws(CommandError) -> [ConfigurationSummary] {
    var summary = SweepSummary(planned: [] as [Grid.PlannedConfiguration])
    try read(
      begin: {
        summary = SweepSummary(
          planned: $0, failed: $1, by: keys, collapseThreshold: collapseThreshold)
      }, add: { outcome, _ in summary.add(outcome) })
    return summary.configurations
  }

  /// Whether some sweep varies one seed apart from the others.
  func hasSeedDesign() throws(CommandError) -> Bool {
    do throws(StoreError) {
      return try definitions(try StoreReader(path: path)).contains { definition in
        definition.grid.nested != nil || definition.grid.seedAxes.count > 1
      }
    } catch {
      throw .of(error)
    }
  }

  /// What the looks of the sweeps decided; nothing where none were planned.
  func looks() throws(CommandError) -> StoredLooks {
    do throws(StoreError) {
      let reader = try StoreReader(path: path)
      return try StoredLooks(reader, try definitions(reader))
    } catch {
      throw .of(error)
    }
  }

  /// The configuration that `text` names.
  static func choose(
    _ text: String, from configurations: [ConfigurationRuns], option: String
  ) throws(CommandError) -> ConfigurationRuns {
    do throws(InvalidValue) {
      let chosen = try ConfigurationSelection(parsing: text).choose(
        from: configurations.map(\.configuration))
      guard let runs = configurations.first(where: { $0.configuration == chosen }) else {
        throw InvalidValue(key: "configuration", value: text, expected: "one that the store has")
      }
      return runs
    } catch {
      throw .badInput("\(option): \(error)")
    }
  }

  /// `begin` is called once, with what is planned and how many points have failed, then `add` with
  /// each outcome of a sweep that was asked for.
  private func read(
    begin: ([Grid.PlannedConfiguration], [Configuration: Int]) -> Void,
    add: (Outcome, _ fingerprint: String) -> Void
  ) throws(CommandError) {
    do throws(StoreError) {
      let reader = try StoreReader(path: path)
      let definitions = try definitions(reader)
      let grids = definitions.map(\.grid)
      let looks = try StoredLooks(reader, definitions)
      let failed = try reader.troubledPoints().filter(\.tally.isFailed).map(\.point)
        .filter { looks.isAsked($0, by: grids) }
      begin(
        looks.planned(grids), Dictionary(grouping: failed, by: \.configuration).mapValues(\.count))
      try reader.forEachOutcome { stored in
        // Outcomes of sweeps that were not asked for stay out.
        guard looks.isAsked(stored.outcome.point, by: grids) else { return true }
        add(stored.outcome, stored.receipt.fingerprint)
        return true
      }
    } catch {
      throw .of(error)
    }
  }

  private func definitions(_ reader: StoreReader) throws(StoreError) -> [SweepDefinition] {
    if let sweep { return [sweep] }
    return try reader.definitions()
  }
}
