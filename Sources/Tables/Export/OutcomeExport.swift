import Study
package import Sweep
import VAE

/// The formats of `vaesweep export`.
package enum ExportFormat: String, CaseIterable, Hashable, Sendable {
  /// One flat row per outcome.
  case csv
  /// One JSON object per line.
  case jsonl
}

/// Writes outcomes one by one, so that a store of any size is exported in little memory.
///
/// `csv` has the same columns whatever the sweep, so that exports can be joined: every scalar of the
/// JSON by its name, the receipt's with `receipt_` before it, a key that does not apply left empty.
/// What is a list for each run (`hidden`, `latents`, `dead_units`, `history`) is one cell of JSON
/// text: `frame.latents.map(json.loads)` in pandas.
package struct OutcomeExport {
  private let format: ExportFormat
  private let history: Bool
  private let withOptional: Bool

  /// With `history`, each outcome carries what was recorded of its every epoch.
  ///
  /// - Parameter withOptional: Whether `csv` has columns for optional measures, as where some outcome
  ///   has them; `jsonl` has those of each outcome.
  package init(_ format: ExportFormat, history: Bool = false, withOptional: Bool = false) {
    self.format = format
    self.history = history
    self.withOptional = withOptional
  }

  /// What stands before the first outcome: the heading line of `csv`.
  package var header: String {
    switch format {
    case .csv: CSV.line(columns.map { $0.replacing(".", with: "_") })
    case .jsonl: ""
    }
  }

  /// The line of one outcome, ended.
  package func line(_ outcome: Outcome, receipt: Receipt?) -> String {
    let json = outcome.json(receipt: receipt, history: history)
    switch format {
    case .jsonl: return json.compact + "\n"
    case .csv:
      let cells = columns.map { name in
        // A dot leads into the receipt.
        let value = name.split(separator: ".").reduce(json) { value, step in
          value[String(step)] ?? .null
        }
        return Cell(json: value).csv
      }
      return CSV.line(cells)
    }
  }

  private var columns: [String] {
    ["key"] + ConfigurationKey.all.map(\.description)
      + ["seed", "init_seed", "order_seed", "noise_seed"]
      + OutcomeField.jsonFields.filter { withOptional || !$0.isOptional }.map(\.name)
      + (history ? ["history"] : []) + ["result_digest"] + Receipt.names.map { "receipt.\($0)" }
  }
}
