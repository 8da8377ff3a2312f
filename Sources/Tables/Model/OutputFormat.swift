/// How a table is printed: the values of `--format`.
package enum OutputFormat: String, CaseIterable, Hashable, Sendable {
  /// Aligned columns for a terminal.
  case table
  /// An array with one object per row.
  case json
  /// A heading line, then one line per row, for pandas or a spreadsheet.
  case csv
  /// A table for a README or an issue.
  case markdown
}
