import StoredStudy
import Study
import Sweep
import Tables
import VAE

/// The summary of a study as text; `run` and `summary` share it.
struct SummaryPrinter {
  let study: StoredStudy

  func text(
    as format: OutputFormat, by keys: [ConfigurationKey]? = nil,
    metric: Metric = .testTotalLast5, collapseThreshold: Double = Sweep.collapseThreshold
  ) -> String {
    let summaries = study.summaries(by: keys, collapseThreshold: collapseThreshold)
    let text = SummaryTable(summaries, metric: metric).render(format)
    guard format == .table || format == .markdown else { return text }
    return text + cancelled
      + beside(as: format, metric: metric, collapseThreshold: collapseThreshold)
      + (keys == nil ? luck(metric, collapseThreshold) : "")
  }

  /// Says of which missing runs nothing is to come.
  private var cancelled: String {
    guard study.cancelled > 0 else { return "" }
    return
      "\n\(study.cancelled.of("run")) of those that are missing "
      + (study.cancelled == 1 ? "is" : "are")
      + " cancelled by an operator: --retry-failed or 'vaesweep control retry' wants them again\n"
  }

  /// How much is architecture and how much is luck, a line for each set of comparable configurations.
  private func luck(_ metric: Metric, _ collapseThreshold: Double) -> String {
    let lines = LuckInBrief.all(
      study.configurations, metric: metric, collapseThreshold: collapseThreshold
    ).compactMap(\.line)
    return lines.isEmpty ? "" : "\n" + lines.map { $0 + "\n" }.joined()
  }

  /// What looks decided, and where the variance comes from, for a person; nothing where neither was
  /// planned.
  private func beside(
    as format: OutputFormat, metric: Metric, collapseThreshold: Double
  ) -> String {
    var text = ""
    let looks = study.takenLooks
    if !looks.isEmpty { text += "\n" + LooksTable(looks).render(format) }
    if study.hasSeedDesign {
      let table = VarianceTable(
        study.configurations, metric: metric, threshold: collapseThreshold)
      if !table.isEmpty { text += "\n" + table.render(format) }
    }
    return text
  }
}
