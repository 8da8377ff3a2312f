import Figures
import Study
import Sweep
import Tables
import VAE

/// How well codes cover the prior, and what drawn images are worth: strips that modes share, tables.
struct MeasureSection {
  let contents: ReportContents
  let names: ConfigurationNames

  private static let measures: [(metric: Metric, what: String)] = [
    (.coverage, "energy distance of the aggregate codes to N(0, I), less is closer"),
    (.generationCoverage, "share of test images covered by decoded draws from N(0, I)"),
    (.generationDensity, "density of decoded draws from N(0, I) about the test images"),
  ]

  /// Nil where no run was measured so.
  var section: Section? {
    let known = contents.configurations.filter { runs in
      Self.measures.contains { runs.sample($0.metric).count > 0 }
    }
    guard !known.isEmpty else { return nil }
    var section = Section("measures", "Coverage and generation")
    section.paragraph(
      """
      <code>coverage</code> is the energy distance (Székely &amp; Rizzo 2013) of 10,000 aggregate codes \
      to the standard normal: 0 where they are alike. <code>generation</code> is the density and the \
      coverage (Naeem et al. 2020, k = 5) of 10,000 decoded draws against the test images, in the 50 \
      principal components of the training images. They measure fit and diversity, not human taste.
      """)
    for (metric, what) in Self.measures {
      let members = known.filter { $0.sample(metric).count > 0 }
      guard !members.isEmpty else { continue }
      let drawing = StripPlot(
        rows: members.map { StripPlot.Row($0, metric, name: names[$0.configuration]) },
        measure: metric.axisTitle, decimals: metric.decimals,
        title: "\(metric.rawValue) of every run: \(what)"
      ).drawing
      let link = section.add(
        drawing, as: metric.rawValue.replacing("_", with: "-"))
      section.body += Page.figure(
        "<div class=\"scroll\">\(drawing.inline(narrowest: 560))</div>",
        caption: "<b>\(metric.rawValue)</b>: \(what).", links: [link])
    }
    let measured = Metric.known.filter { metric in
      metric.study != nil && !metric.isLoss && known.contains { $0.sample(metric).count > 0 }
    }
    for group in MetricGroup.grouped(measured) {
      section.body += Page.table(table(known, group.title, group.metrics))
    }
    return section
  }

  /// The mean of every measure with its interval, with what is missing beside it.
  private func table(
    _ known: [ConfigurationRuns], _ title: String, _ metrics: [Metric]
  ) -> Table {
    let directions = metrics.map { "\($0.rawValue): \($0.betterWords)" }
    var table = Table(
      caption: [
        "\(title), mean over seeds ± 95 % interval; no unit", directions.joined(separator: "; "),
      ],
      columns: [
        "configuration", Column("ok", title: "ok / planned", alignment: .right),
        .number("diverged"),
        .number("failed"), .number("missing"),
      ] + metrics.map { Column($0.rawValue, alignment: .right) })
    for runs in known {
      let counts = runs.counts
      table.append(
        [
          .text(names[runs.configuration]), .text("\(counts.ok)/\(counts.planned)"),
          .integer(counts.diverged), .integer(counts.failed), .integer(counts.missing),
        ]
          + metrics.map { metric in
            let sample = runs.sample(metric)
            guard let mean = sample.mean else { return .empty }
            let half = Interval.ofMean(sample).map {
              " ± " + (($0.upper - $0.lower) / 2).shown(decimals: metric.decimals)
            }
            return .text(mean.shown(decimals: metric.decimals) + (half ?? ""))
          })
    }
    return table
  }
}
