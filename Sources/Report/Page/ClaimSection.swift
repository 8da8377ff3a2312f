import Study

/// The page's claims, each with its verdict, and every test behind it.
struct ClaimSection {
  let table: ClaimTable

  /// Nil where the sweeps claim nothing.
  var section: Section? {
    let rows = table.rows
    guard !rows.isEmpty else { return nil }
    var section = Section("claims", "The claims")
    section.paragraph(
      """
      Fixed before the first run and judged by rules that were fixed with them: \
      \(table.method.joined(separator: "; ")).
      """)
    var overview = Table(columns: ["claim", "what is claimed", "verdict"])
    var ids: [String] = []
    for row in rows where !ids.contains(row.id) {
      ids.append(row.id)
      overview.append([.text(row.id), .text(row.claim), .text(row.claimVerdict)])
    }
    section.body += Page.table(overview)
    for id in ids {
      let own = rows.filter { $0.id == id }
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
      section.body +=
        "<h3>Claim \(id): \(own.first?.claimVerdict ?? "")</h3>\n<ul>\n\(items)</ul>\n"
    }
    section.body += Page.details("Every test in figures", Page.table(figures(rows)))
    return section
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
