package import Study
import Sweep
import VAE

/// Every pair of configurations that can be compared by one metric, a line for each question, with
/// Benjamini & Hochberg's q over all of them together: the exploratory family is what was looked at.
package struct ComparisonExport {
  private let comparisons: [ConfigurationComparison]
  private let format: ExportFormat

  package init(_ comparisons: [ConfigurationComparison], _ format: ExportFormat) {
    self.comparisons = comparisons
    self.format = format
  }

  package var text: String {
    var rows: [(comparison: ConfigurationComparison, row: ComparisonRow)] = []
    for comparison in comparisons {
      rows += ComparisonRows(comparison).all.map { (comparison, $0) }
    }
    let q = MultipleTests.benjaminiHochberg(rows.map { $0.comparison.pValue($0.row.question) })
    var text = ""
    for (entry, q) in zip(rows, q) {
      let members = ComparisonReport.line(entry.row, entry.comparison, q: q)
      switch format {
      case .jsonl: text += JSONValue.object(members).compact + "\n"
      case .csv:
        if text.isEmpty { text += CSV.line(members.map(\.name)) }
        text += CSV.line(members.map { Cell(json: $0.value).csv })
      }
    }
    return text
  }
}
