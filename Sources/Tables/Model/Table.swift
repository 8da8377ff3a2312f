package import Sweep

/// Rows of values under named columns, printed in any of the four formats.
///
///     var table = Table(columns: ["host", .number("slots")])
///     table.append(["alpha", 4])
///     print(table.render(.markdown), terminator: "")
package struct Table: Hashable, Sendable {
  /// Lines above the table that only a person gets to see.
  package var caption: [String]
  /// What a person is told in the place of the headings where there is no row.
  package var empty: String
  package var columns: [Column]
  package private(set) var rows: [[Cell]] = []

  package init(
    caption: [String] = [], columns: [Column], rows: [[Cell]] = [],
    empty: String = "nothing to list"
  ) {
    self.caption = caption
    self.empty = empty
    self.columns = columns
    for row in rows { append(row) }
  }

  /// One row, with a column for each fact.
  package init(row facts: [JSONValue.Member]) {
    self.init(
      columns: facts.map { Column($0.name) }, rows: [facts.map { Cell(json: $0.value) }])
  }

  /// Adds a row; cells left out at its end are empty, and more cells than columns are dropped.
  package mutating func append(_ row: [Cell]) {
    let missing = max(0, columns.count - row.count)
    rows.append(row.prefix(columns.count) + [Cell](repeating: .empty, count: missing))
  }

  /// The whole text, its last line ended.
  ///
  /// `ansi` sets the headings in bold, in `table` alone.
  package func render(_ format: OutputFormat, ansi: Bool = false) -> String {
    switch format {
    case .table: plain(ansi: ansi)
    case .json: json.pretty + "\n"
    case .csv: csv
    case .markdown: markdown
    }
  }

  /// An array with one object per row.
  package var json: JSONValue {
    .array(
      rows.map { row in
        .object(zip(columns, row).map { JSONValue.Member($0.name, $1.json) })
      })
  }

  /// The cells as a person sees them, row by row.
  package var shown: [[String]] {
    rows.map { row in zip(columns, row).map { $1.shown(decimals: $0.decimals) } }
  }
}
