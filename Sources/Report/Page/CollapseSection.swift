import Figures
import Study
import Sweep
import Tables
import VAE

/// Collapsed latents per configuration, and the two variances of every latent of every run.
struct CollapseSection {
  let contents: ReportContents
  let names: ConfigurationNames

  /// Nil where no configuration samples: without sampling codes have no scale.
  var section: Section? {
    let sampled = contents.configurations.filter(\.configuration.sampling)
    guard sampled.contains(where: { !$0.runs.isEmpty }) else { return nil }
    var section = Section("collapse", "Collapsed latents")
    let threshold = Cell.number(contents.collapseThreshold).shown()
    section.paragraph(
      """
      A latent counts as collapsed where Var(μ) over the test set is below \(threshold) (Burda et al. \
      2015); only with sampling, since without it the scale of the code is arbitrary.
      """)
    let dead = deadLayers
    if let words = dead.words { section.paragraph("Dead layers: \(words)") }
    histograms(sampled, in: &section)
    section.body += Page.table(
      CollapseTable(sampled, threshold: contents.collapseThreshold, names: names.naming).table)
    if let shares = anyCollapse(sampled) { section.body += shares }
    section.body += "<h3>The two variances of every latent of every run</h3>\n"
    section.paragraph(
      """
      A latent that is used has a spread-out mean (Var(μ) near 1) and a sharp code (small σ²). One \
      that has collapsed carries nothing: its mean stands still and σ² returns to the prior's 1. \
      Circles are used latents, crosses collapsed ones.
      """)
    scatters(sampled, in: &section)
    if !dead.isEmpty {
      section.body += Page.details(
        "Dead hidden units by layer, the rival explanation", Page.table(dead.table))
    }
    return section
  }

  private func collapse(_ runs: ConfigurationRuns) -> CollapseSummary {
    CollapseSummary(counts: runs.collapsed(threshold: contents.collapseThreshold) ?? [])
  }

  private func histograms(_ sampled: [ConfigurationRuns], in section: inout Section) {
    let tallest = sampled.map { collapse($0).bars.map(\.runs).max() ?? 0 }.max() ?? 1
    section.body += "<div class=\"multiples\">\n"
    for runs in sampled where !runs.runs.isEmpty {
      let summary = collapse(runs)
      let name = names[runs.configuration]
      let bars = summary.bars.map { "\($0.collapsed) in \($0.runs)" }.joined(separator: ", ")
      let drawing = CollapseHistogram(
        summary: summary, latentDim: runs.configuration.architecture.latentDim, tallest: tallest,
        title: "Collapsed latents of \(name): \(bars) runs"
      ).drawing
      let link = section.add(drawing, as: "collapse-\(names.file(runs.configuration))")
      section.body += Page.figure(
        drawing.inline(), caption: "<b>\(name)</b>, \(runs.counts.words).", links: [link],
        name: name)
    }
    section.body += "</div>\n"
  }

  private func anyCollapse(_ sampled: [ConfigurationRuns]) -> Markup? {
    var table = Table(
      caption: ["runs with any collapsed latent, with Wilson's 95 % interval of the share"],
      columns: [
        "configuration", Column("ok", title: "ok / planned", alignment: .right),
        .number("diverged"),
        .number("failed"), .number("missing"), .number("runs", title: "runs with any"),
        Column("share", alignment: .right), Column("ci95", title: "95 % interval"),
        .number("mean", title: "mean count", decimals: 2),
      ])
    for runs in sampled {
      let summary = collapse(runs)
      let counts = runs.counts
      table.append([
        .text(names[runs.configuration]), .text("\(counts.ok)/\(counts.planned)"),
        .integer(counts.diverged), .integer(counts.failed), .integer(counts.missing),
        .integer(summary.any.count), Cell(summary.any.value?.percent),
        Cell(summary.any.interval().map { "\($0.lower.percent) to \($0.upper.percent)" }),
        Cell(summary.mean),
      ])
    }
    return Page.table(table)
  }

  private func scatters(_ sampled: [ConfigurationRuns], in section: inout Section) {
    let latents = sampled.map { runs in
      contents.completed(runs.configuration).flatMap(\.latents)
    }
    let axes = LatentScatter.axes(latents.flatMap(\.self))
    section.body += "<div class=\"multiples\">\n"
    for (runs, own) in zip(sampled, latents) where !own.isEmpty {
      let name = names[runs.configuration]
      let chart = LatentScatter(
        latents: own, x: axes.x, y: axes.y, threshold: contents.collapseThreshold,
        title: "Var(μ) against mean σ² of \(own.count.of("latent")) of \(name)")
      let drawing = chart.drawing
      let link = section.add(drawing, as: "latents-\(names.file(runs.configuration))")
      section.body += Page.figure(
        drawing.inline(),
        caption:
          """
          <b>\(name)</b>, \(own.count.of("latent")) of \(runs.counts.ok.of("run")); \
          \(runs.counts.words).\(chart.floorWords)
          """,
        links: [link], name: name)
    }
    section.body += "</div>\n"
  }

  /// Units that never fire, the rival explanation of a latent that carries nothing.
  private var deadLayers: DeadLayerTable {
    DeadLayerTable(
      contents.configurations, threshold: contents.collapseThreshold, names: names.naming)
  }
}
