import Study
import Sweep

/// The comparisons of a family, a line for each question.
package struct ComparisonExport {
  private let family: ComparisonFamily
  private let format: ExportFormat

  package init(_ family: ComparisonFamily, _ format: ExportFormat) {
    self.family = family
    self.format = format
  }

  package var text: String {
    var text = ""
    let names = family.names
    for (comparison, q) in zip(family.comparisons, family.q) {
      for row in ComparisonRows(comparison, names: names).all {
        let members = ComparisonReport.line(row, comparison, q: q[row.question], names: names)
        switch format {
        case .jsonl: text += JSONValue.object(members).compact + "\n"
        case .csv:
          if text.isEmpty { text += CSV.line(members.map(\.name)) }
          text += CSV.line(members.map { Cell(json: $0.value).csv })
        }
      }
    }
    return text
  }
}
