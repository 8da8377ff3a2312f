import Report
import Study
import Sweep
import VAE

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
    let text = SummaryTable(summaries, metric: metric).render(format)
    guard format == .table || format == .markdown else { return text }
    return try text + beside(as: format, metric: metric, collapseThreshold: collapseThreshold)
  }

  /// What looks decided, and where the variance comes from, for a person; nothing where neither was
  /// planned.
  private func beside(
    as format: OutputFormat, metric: Metric, collapseThreshold: Double
  ) throws(CommandError) -> String {
    var text = ""
    let looks = try runs.looks().looks
    if !looks.isEmpty { text += "\n" + LooksTable(looks).render(format) }
    if try runs.hasSeedDesign() {
      let table = VarianceTable(
        try runs.configurations(), metric: metric, threshold: collapseThreshold)
      if !table.isEmpty { text += "\n" + table.render(format) }
    }
    return text
  }
}
