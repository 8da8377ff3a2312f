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
    metric: Metric = .testTotalLast5, collapseThreshold: Double = Sweep.collapseThreshold
  ) throws(CommandError) -> String {
    let summaries = try runs.summaries(by: keys, collapseThreshold: collapseThreshold)
    return SummaryTable(summaries, metric: metric).render(format)
  }
}
