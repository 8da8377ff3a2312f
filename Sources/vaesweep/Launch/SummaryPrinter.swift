import Report
import ResultStore
import Study
import Sweep
import SweepFile
import VAE

/// Reads a store and prints its summary; `run` and `summary` share it.
struct SummaryPrinter {
  private let path: String
  private let sweep: SweepDefinition?

  /// - Parameter sweep: What is planned, or nil for every sweep that the store has seen.
  init(store path: String, sweep: SweepDefinition? = nil) {
    self.path = path
    self.sweep = sweep
  }

  func print(as format: OutputFormat, by keys: [ConfigurationKey]? = nil)
    throws(CommandError) -> String
  {
    do throws(StoreError) {
      let reader = try StoreReader(path: path)
      let grids = try definitions(reader).map(\.grid)
      let failed = try reader.troubledPoints().filter(\.tally.isFailed).map(\.point).filter {
        point in
        grids.contains { $0.index(of: point) != nil }
      }
      var summary = SweepSummary(
        planned: Grid.plannedOnce(grids),
        failed: Dictionary(grouping: failed, by: \.configuration).mapValues(\.count), by: keys)
      try reader.forEachOutcome { stored in
        // Outcomes of sweeps that were not asked for stay out.
        guard grids.contains(where: { $0.index(of: stored.outcome.point) != nil })
        else { return true }
        summary.add(stored.outcome)
        return true
      }
      return SummaryTable(summary.configurations).render(format)
    } catch {
      throw .of(error)
    }
  }

  private func definitions(_ reader: StoreReader) throws(StoreError) -> [SweepDefinition] {
    if let sweep { return [sweep] }
    return try reader.sweeps().compactMap { stored in
      try? SweepFile.parse(yaml: stored.yaml, file: "\(path): sweep \(stored.name)")
    }
  }
}
