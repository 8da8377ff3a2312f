import Figures
import Tables

extension Page {
  /// A table that fits the page: columns that say nothing are left out, notes stand under it, and what
  /// is still too wide is scrolled sideways.
  static func table(_ table: Table) -> Markup {
    let shown = ShownTable(table)
    let isFiltered = table.columns.first?.name == "configuration"
    var rows = Markup()
    for line in shown.rows {
      let name: Markup = isFiltered ? " data-name=\"\(line[0])\"" : ""
      rows += "<tr\(name)>"
      for (column, cell) in zip(shown.columns, line) {
        rows += "<td\(alignment(column, cell))>\(cell)</td>"
      }
      rows += "</tr>\n"
    }
    var heads = Markup()
    for column in shown.columns {
      heads +=
        "<th scope=\"col\"\(alignment(column))>\(column.heading.replacing("_", with: " "))</th>"
    }
    var caption = Markup()
    for (place, line) in table.caption.enumerated() {
      caption += place > 0 ? "<br>\(line)" : "\(line)"
    }
    var notes = Markup()
    for note in shown.notes { notes += "<li>\(note)</li>\n" }
    if !notes.isEmpty { notes = "<ol class=\"notes\">\n\(notes)</ol>\n" }
    return """
      <div class="scroll" tabindex="0" role="region" aria-label="table"><table><caption>\(caption)</caption>
      <thead><tr>\(heads)</tr></thead>
      <tbody>
      \(rows)</tbody></table></div>
      \(notes)
      """
  }

  private static func alignment(_ column: Column, _ cell: String = "") -> Markup {
    if column.alignment == .right { return " class=\"number\"" }
    return cell.count > 44 ? " class=\"wrap\"" : cell.count > 12 ? " class=\"loose\"" : ""
  }
}

/// A table as the page shows it.
struct ShownTable {
  private(set) var columns: [Column]
  private(set) var rows: [[String]]
  /// What the numbers in the column `note` stand for.
  private(set) var notes: [String] = []

  /// Left out where they are zero, or empty, in every row.
  private static let dispensable: Set = ["diverged", "failed", "missing", "note", "beside"]
  /// Longer notes stand under the table, once each.
  private static let longestNote = 12

  init(_ table: Table) {
    columns = table.columns
    rows = table.shown
    for place in columns.indices.reversed() where Self.dispensable.contains(columns[place].name) {
      guard rows.allSatisfy({ ["", "0", "–"].contains($0[place]) }) else { continue }
      columns.remove(at: place)
      for row in rows.indices { rows[row].remove(at: place) }
    }
    guard let place = columns.firstIndex(where: { $0.name == "note" }),
      rows.contains(where: { $0[place].count > Self.longestNote })
    else { return }
    for row in rows.indices where !rows[row][place].isEmpty {
      let note = rows[row][place]
      let number = notes.firstIndex(of: note) ?? notes.endIndex
      if number == notes.endIndex { notes.append(note) }
      rows[row][place] = "\(number + 1)"
    }
  }
}
