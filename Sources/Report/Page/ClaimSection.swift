import Figures
import Study
import Tables

/// The page's claims, each with its verdict, and every test behind it.
struct ClaimSection {
  /// One for each sweep that claims something.
  let tables: [ClaimTable]

  /// Nil where the sweeps claim nothing.
  var section: Section? {
    let tables = tables.filter { !$0.rows.isEmpty }
    guard !tables.isEmpty else { return nil }
    var section = Section("claims", "The claims")
    for table in tables { add(table, to: &section) }
    return section
  }

  private func add(_ table: ClaimTable, to section: inout Section) {
    let rows = table.rows
    section.paragraph(
      """
      Fixed before the first run and judged by rules that were fixed with them, but for what is \
      marked post hoc: \(table.method.joined(separator: "; ")).
      """)
    var overview = Table(columns: ["claim", "what is claimed", "verdict"])
    // A claim that was edited stands there twice: as it is, and as it was fixed.
    var claims: [[ClaimRow]] = []
    for row in rows {
      if let last = claims.last?.first, (last.id, last.claimVerdict) == (row.id, row.claimVerdict) {
        claims[claims.count - 1].append(row)
      } else {
        claims.append([row])
        overview.append([.text(row.id), .text(row.claim), .text(row.claimVerdict)])
      }
    }
    section.body += Page.table(overview)
    for own in claims {
      var items = Markup()
      for row in own {
        let sentence = row.statement
        // The verdict ends the sentence; it is what the eye looks for.
        let lead =
          sentence.hasSuffix("\(row.verdict).")
          ? String(sentence.dropLast(row.verdict.count + 1)) : sentence + " "
        let note: Markup =
          row.notes.isEmpty ? "" : "<span class=\"soft\"> Note: \(row.notes).</span>"
        items += "<li>\(lead)<b>\(row.verdict)</b>.\(note)</li>\n"
      }
      let name = table.sweep.map { " of \($0)" } ?? ""
      section.body += Page.details(
        "Claim \(own[0].id)\(name): <b>\(own[0].claimVerdict)</b>", "<ul>\n\(items)</ul>\n")
    }
    section.body += Page.details("Every test in figures", Page.table(figures(rows)))
  }

  private func figures(_ rows: [ClaimRow]) -> Table {
    var table = Table(columns: [
      "claim", "figure of", "expected", Column("figure", alignment: .right),
      Column("ci95", title: "95 % interval"), "test",
      Column("p_holm", title: "p after Holm", alignment: .right), "runs", "verdict", "beside",
      "note",
    ])
    for row in rows {
      table.append([
        .text(row.id), .text(row.question), .text(row.expectation), Cell(row.figure),
        Cell(row.interval), Cell(row.test), Cell(row.adjusted), .text(row.runs),
        .text(row.verdict), .text(row.beside), .text(row.notes),
      ])
    }
    return table
  }
}
