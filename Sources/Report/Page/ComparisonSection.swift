import Figures
import Study
import Sweep
import Tables
import VAE

/// What the comparisons say, in words and in figures.
struct ComparisonSection {
  let family: ComparisonFamily
  let names: ConfigurationNames
  let resampling: Resampling
  let differences: Differences

  /// More pairs than these are folded, each under its first sentence.
  private static let maxOpen = 6

  /// Nil where there is nothing to compare.
  var section: Section? {
    guard !family.comparisons.isEmpty || !family.scarce.isEmpty || !differences.sets.isEmpty
    else { return nil }
    var section = Section("comparisons", "Comparisons")
    if !differences.sets.isEmpty {
      section.paragraph(
        """
        Final errors (<code>\(Differences.metric.rawValue)</code>, \(Differences.metric.betterWords)) \
        less that of one reference, with Welch’s 95 % intervals. An arrow marks an interval that goes on \
        beyond the axis, a fainter dot fewer than \(Sample.fewestForInterval) runs on a side. Every \
        other is compared with the reference alone; two others whose intervals overlap may differ all \
        the same.
        """)
    }
    for (place, set) in differences.sets.enumerated() {
      let drawing = differences.plot(set).drawing
      let link = section.add(drawing, as: "differences\(place > 0 ? "-\(place + 1)" : "")")
      section.body += Page.figure(
        "<div class=\"scroll\">\(drawing.inline(narrowest: 640))</div>",
        caption: caption(set), links: [link])
    }
    let questions = family.q.reduce(0) { $0 + $1.count }
    var left = ""
    if family.left > 0 {
      left +=
        " \(family.left) more such \(family.left == 1 ? "pair was" : "pairs were") not looked at."
    }
    if family.unlike > 0 {
      left += " Not compared: \(family.unlike.of("pair")) that differ in several keys."
    }
    if let words = family.scarceWords(names.naming) {
      let count = family.scarce.count
      left +=
        " \(count) \(count == 1 ? "pair is" : "pairs are") left out for want of runs, as a side has "
        + "fewer than two: \(words)."
    }
    for reason in family.refused { left += " Left out: \(reason)." }
    section.paragraph(
      """
      Every pair of configurations that differ in one key (an architecture is one). These \
      comparisons are exploratory: each has an effect, a 95 % interval and Benjamini–Hochberg’s q \
      over all \(questions.of("test")) on this page, and none has a verdict. \(resampling.replicates) resamples from seed \
      \(String(resampling.seed)). A sentence is bold where q &lt; 0.05; one about spreads is not \
      where few runs make most of a spread, as where a mode is rare or one run carries the \
      difference.\(left)
      """)
    guard !family.comparisons.isEmpty else { return section }
    let isFolded = family.comparisons.count > Self.maxOpen
    var pairs = Markup()
    for (comparison, q) in zip(family.comparisons, family.q) {
      pairs += pair(comparison, q, isFolded: isFolded)
    }
    section.body += Page.details(
      "In words: \(family.comparisons.count.of("pair")), each that differs in one key", pairs)
    section.body += Page.details("All comparisons in figures", Page.table(figures))
    return section
  }

  private func caption(_ set: Differences.Compared) -> Markup {
    let reference = names[set.reference.configuration]
    let caption: Markup = "Less the final error of <b>\(reference)</b>."
    guard let chosen = differences.chosen, chosen != set.reference.configuration else {
      return caption
    }
    return caption + """
       It has the smallest mean of these; <b>\(names[chosen])</b>, the reference that was asked for, \
      is not comparable with them.
      """
  }

  private func pair(
    _ comparison: ConfigurationComparison, _ q: [ConfigurationComparison.Question: Double],
    isFolded: Bool
  ) -> Markup {
    let sides = [comparison.first, comparison.second].map {
      ComparedSide($0, in: comparison, names: names.naming)
    }
    let own = names[comparison.first.configuration]
    let other = names[comparison.second.configuration]
    let name = "\(own) against \(other)"
    let rows = ComparisonRows(comparison, names: names.naming).all
    var items = Markup()
    for row in rows {
      let told = q[row.question].map { " \($0.probability(as: "q"))." } ?? ""
      let notes = row.notes.isEmpty ? "" : " Note: \(row.notes.joined(separator: "; "))."
      let isClear = (q[row.question] ?? 1) < 0.05 && !row.isDoubtful
      let sentence: Markup = isClear ? "<b>\(row.sentence)</b>" : "\(row.sentence)"
      items += "<li>\(sentence)<span class=\"soft\">\(told)\(notes)</span></li>\n"
    }
    for warning in sides.compactMap(\.warning) { items += "<li>\(warning)</li>\n" }
    let counts: Markup = """
      <p class="soft">\(own): \(sides[0].runs.counts.words). \(other): \
      \(sides[1].runs.counts.words).</p>

      """
    let list: Markup = "\(counts)<ul>\n\(items)</ul>\n"
    guard isFolded else { return "<h3>\(name)</h3>\n\(list)" }
    return Page.details("<b>\(name)</b> \(rows.first?.sentence ?? "")", list)
  }

  private var figures: Table {
    var table = Table(columns: [
      "first", "second", "metric", "effect", Column("estimate", alignment: .right),
      Column("ci95", title: "95 % interval"), "test", Column("p", alignment: .right),
      Column("q", alignment: .right), Column("first_counts", title: "first: runs"),
      Column("second_counts", title: "second: runs"),
    ])
    for (comparison, q) in zip(family.comparisons, family.q) {
      let sides = [comparison.first, comparison.second].map { ComparedSide($0, in: comparison) }
      for row in ComparisonRows(comparison, names: names.naming).all {
        table.append([
          .text(names[comparison.first.configuration]),
          .text(names[comparison.second.configuration]), .text(comparison.metric.rawValue),
          .text(row.effect), Cell(row.estimate?.figure), Cell(row.interval?.figure),
          .text(row.test), Cell(comparison.pValue(row.question)?.probability),
          Cell(q[row.question]?.probability), .text(sides[0].runs.counts.words),
          .text(sides[1].runs.counts.words),
        ])
      }
    }
    return table
  }
}
