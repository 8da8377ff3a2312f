import Report
import Study
import Sweep

/// Reads a store and prints its summary; `run` and `summary` share it.
struct SummaryPrinter {
  private let runs: StoredRuns

  /// - Parameter sweep: What is planned, or nil for every sweep that the store has seen.
  init(store path: String, sweep: SweepDefinition? = nil) {
    runs = StoredRuns(store: path, sweep: sweep)
  }

  func print(
    as format: OutputFormat, by keys: [ConfigurationKey]? = nil,
    collapseThreshold: Double = Sweep.collapseThreshold
  ) throws(CommandError) -> String {
    SummaryTable(try runs.summaries(by: keys, collapseThreshold: collapseThreshold)).render(format)
  }
}
