import Tables

/// How likely a run of each configuration beats a run of each other, as a heat map: rows beat columns.
package struct BeatMatrix {
  package struct Cell {
    let probability: Double
    /// With its interval, for who points at it.
    let words: String

    package init(probability: Double, words: String) {
      self.probability = probability
      self.words = words
    }
  }

  let names: [String]
  /// Row by row; nil on the diagonal.
  let cells: [[Cell?]]
  let title: String

  package init(names: [String], cells: [[Cell?]], title: String) {
    self.names = names
    self.cells = cells
    self.title = title
  }

  /// More rows than these have no room for figures in their cells.
  private static let maxFigures = 14
  private static let nameWidth = 330.0
  private static let most = 430.0

  package var drawing: Drawing {
    let count = Double(max(1, names.count))
    let size = min(48, max(10, (Self.most / count).rounded(.down)))
    let (left, top) = (Self.nameWidth, 30.0)
    var body = Markup()
    for (row, name) in names.enumerated() {
      let middle = top + (Double(row) + 0.5) * size
      let letters = min(12, size - 1)
      body += "<g data-name=\"\(name)\">"
      body += """
        <text x="\(left - 8)" y="\(middle + letters / 3)" text-anchor="end"\
        \(FittedName.attributes("\(name)  99", in: left - 8, size: letters))>\(name)\
        <tspan class="soft">  \(row + 1)</tspan></text>
        """
      if size >= 14 || row % 5 == 4 || row == 0 {
        body += """
          <text class="soft" x="\(left + (Double(row) + 0.5) * size)" y="\(top - 8)" \
          text-anchor="middle">\(row + 1)</text>
          """
      }
      for (column, cell) in cells[row].enumerated() {
        guard let cell else { continue }
        body += square(
          cell, x: left + Double(column) * size, y: top + Double(row) * size, size: size)
      }
      body += "</g>"
    }
    let bottom = top + count * size
    body += """
      <text class="soft" x="\(left)" y="\(bottom + 20)">blue: the row beats the column; red: the column \
      beats the row</text>
      """
    return Drawing(
      width: left + max(count * size, 400) + 16, height: bottom + 30, title: title, body: body)
  }

  private func square(_ cell: Cell, x: Double, y: Double, size: Double) -> Markup {
    let kind: Markup = cell.probability >= 0.5 ? "wins" : "loses"
    let strength = 0.06 + 0.74 * abs(cell.probability - 0.5) * 2
    var mark: Markup = """
      <rect class="\(kind)" x="\(x + 0.5)" y="\(y + 0.5)" width="\(size - 1)" height="\(size - 1)" \
      fill-opacity="\(strength)"><title>\(cell.words)</title></rect>
      """
    if names.count <= Self.maxFigures {
      mark += """
        <text class="figure" x="\(x + size / 2)" y="\(y + size / 2 + 4)" \
        text-anchor="middle">\(Self.figure(cell.probability))</text>
        """
    }
    return mark
  }

  /// No 0.998 is a certainty.
  private static func figure(_ probability: Double) -> String {
    let text = probability.shown(decimals: 2)
    if text == "1.00", probability < 1 { return ">.99" }
    if text == "0.00", probability > 0 { return "<.01" }
    return text
  }
}
