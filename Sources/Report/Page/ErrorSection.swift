import Figures
import Study
import Sweep
import Tables
import VAE

/// Final errors: a strip of runs per configuration, and everything `vaesweep summary` tells.
struct ErrorSection {
  let contents: ReportContents
  let names: ConfigurationNames
  let looks: LooksTable?

  var section: Section {
    var section = Section("errors", "Final errors")
    section.paragraph(
      """
      Each dot is one run. The large dot is the mean over the seeds, its whiskers the 95 % \
      <abbr title="Student's t">t</abbr> interval of the mean, drawn from \
      \(Sample.fewestForInterval) runs on. An arrow marks what goes on beyond the axis: an interval, or \
      a few runs so far out that they would squeeze all others, told at the end of their row. Totals with and without sampling, and \
      under different losses or binarisations of the images, are not comparable and have axes of their own; the reconstruction at \
      the mean code (z = μ) is, and shares one.
      """)
    for strip in strips {
      let drawing = strip.plot.drawing
      let link = section.add(drawing, as: strip.file)
      section.body += Page.figure(
        "<div class=\"scroll\">\(drawing.inline(narrowest: 560))</div>",
        caption: "\(strip.plot.title)",
        links: [link])
    }
    section.body += Page.table(table(.testTotalLast5))
    let others = Metric.known.filter { $0 != .testTotalLast5 && isKnown($0) }
    for group in MetricGroup.grouped(others) {
      section.body += "<div class=\"folded\"><h3>\(group.title)</h3>\n"
      for metric in group.metrics {
        section.body += Page.details(
          """
          \(metric.words) <span class="soft"><code>\(metric.rawValue)</code>, \(metric.betterWords)</span>
          """, Page.table(table(metric)))
      }
      section.body += "</div>\n"
    }
    let variance = VarianceTable(
      contents.configurations, metric: .testTotalLast5, threshold: contents.collapseThreshold,
      names: names.naming)
    if !variance.isEmpty {
      section.body += "<h3>Where the variance comes from</h3>\n\(Page.table(variance.table))"
    }
    if let looks { section.body += "<h3>Looks</h3>\n\(Page.table(looks.table(names.naming)))" }
    return section
  }

  private func isKnown(_ metric: Metric) -> Bool {
    contents.summaries.contains { ($0.metrics[metric]?.n ?? 0) > 0 }
  }

  private struct Strip {
    let file: String
    let plot: StripPlot
  }

  private var strips: [Strip] {
    let all = contents.configurations
    var strips: [Strip] = []
    func add(_ metric: Metric, _ members: [ConfigurationRuns], _ what: String, _ file: String) {
      guard members.contains(where: { $0.sample(metric).count > 0 }) else { return }
      strips.append(
        Strip(
          file: file,
          plot: StripPlot(
            rows: members.map { StripPlot.Row($0, metric, name: names[$0.configuration]) },
            measure: metric.axisTitle, decimals: 2,
            title: "Final error of every run, \(what)")))
    }
    let losses = Set(all.map(\.configuration.loss))
    let rules = Set(all.map(\.configuration.binarization))
    for own in byReconstruction {
      guard let first = own.first?.configuration else { continue }
      let parts =
        (losses.count > 1 ? [("loss", first.loss.rawValue)] : [])
        + (rules.count > 1 ? [("binarize", first.binarization.rawValue)] : [])
      let suffix = parts.map { "-\($0.1)" }.joined()
      let note = parts.map { ", \($0.0) \($0.1)" }.joined()
      let weights = Set(own.map(\.configuration.klWeight)).sorted()
      for sampling in [true, false] {
        for (place, weight) in weights.enumerated() {
          let members = own.filter {
            $0.configuration.sampling == sampling && $0.configuration.klWeight == weight
          }
          let several = weights.count > 1
          add(
            .testTotalLast5, members,
            "test total, \(sampling ? "with" : "without") sampling\(note)"
              + (several ? ", kl_weight \(Cell.number(weight).shown())" : ""),
            "errors\(sampling ? "" : "-no-sampling")\(suffix)" + (several ? "-\(place + 1)" : ""))
        }
      }
      add(
        .testReconstructionAtMean, own, "reconstruction at the mean code (z = μ)\(note)",
        "reconstruction-at-mean\(suffix)")
    }
    return strips
  }

  /// Configurations whose reconstruction means the same: one loss of images read by one rule.
  private var byReconstruction: [[ConfigurationRuns]] {
    ReconstructionLoss.allCases.flatMap { loss in
      Binarization.allCases.map { rule in
        contents.configurations.filter {
          $0.configuration.loss == loss && $0.configuration.binarization == rule
        }
      }
    }.filter { !$0.isEmpty }
  }

  /// One metric over the seeds, with what is missing beside it.
  private func table(_ metric: Metric) -> Table {
    var table = Table(
      caption: [
        "\(metric.words) (\(metric.withUnit); \(metric.betterWords)) over seeds: mean and standard "
          + "deviation with 95 % intervals",
        SummaryKeys(contents.summaries).constants,
        LikelihoodNote.line(metric, of: contents.configurations) ?? "",
      ].filter { !$0.isEmpty },
      columns: [
        "configuration", "runs", .number("mean", decimals: metric.decimals),
        Column("mean_ci95", title: "95 % interval"), .number("sd", decimals: metric.decimals),
        Column("sd_ci95", title: "95 % interval"), .number("median", decimals: metric.decimals),
        Column("range", title: "smallest to largest"),
      ] + (metric.isLoss ? [Column("worst", title: "largest at")] : []) + ["note"])
    for runs in contents.configurations {
      let figures = runs.summary(metric)
      func range(_ lower: Double?, _ upper: Double?) -> Cell {
        guard let lower, let upper else { return .empty }
        let ends = [lower, upper].map { $0.shown(decimals: metric.decimals) }
        return .text(ends.joined(separator: " to "))
      }
      let caveat = runs.caveats(metric, collapseThreshold: contents.collapseThreshold)
        .joined(separator: "; ")
      let worst = metric.isLoss ? [Cell(runs.worst(metric)?.seeds.words)] : []
      table.append(
        [
          .text(names[runs.configuration]), .text(runs.counts.words), Cell(figures.mean),
          range(figures.ci95?.lower, figures.ci95?.upper), Cell(figures.sd),
          range(figures.sdCI95?.lower, figures.sdCI95?.upper), Cell(figures.median),
          range(figures.min, figures.max),
        ] + worst + [.text(figures.sd == nil ? "" : caveat)])
    }
    return table
  }
}
