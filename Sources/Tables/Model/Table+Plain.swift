extension Table {
  /// Aligned columns, two spaces apart, without trailing spaces.
  func plain(ansi: Bool) -> String {
    guard !rows.isEmpty else { return (caption + [empty]).map { $0 + "\n" }.joined() }
    let headings = columns.map(\.heading)
    let shown = shown
    let widths = columns.indices.map { column in
      ([headings] + shown).map { $0[column].displayWidth }.max() ?? 0
    }
    func line(_ cells: [String]) -> String {
      var line = ""
      for (column, cell) in cells.enumerated() {
        if column > 0 { line += "  " }
        let padding = String(repeating: " ", count: widths[column] - cell.displayWidth)
        line += columns[column].alignment == .right ? padding + cell : cell + padding
      }
      while line.last == " " { line.removeLast() }
      return line
    }
    let heading = ansi ? "\u{1b}[1m\(line(headings))\u{1b}[0m" : line(headings)
    return (caption + [heading] + shown.map(line)).map { $0 + "\n" }.joined()
  }
}
