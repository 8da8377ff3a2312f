package import Study
package import Sweep
import VAE

/// Where the variance over seeds comes from, for the configurations whose seeds were varied apart.
package struct VarianceTable {
  private let rows: [(runs: ConfigurationRuns, variance: SeedVariance)]
  private let names: ConfigurationNaming
  private let metric: Metric
  private let threshold: Double

  /// Configurations whose design tells no seed from another are left out.
  package init(
    _ configurations: [ConfigurationRuns], metric: Metric = .testTotalLast5,
    threshold: Double = collapseThreshold
  ) {
    self.init(
      configurations, metric: metric, threshold: threshold,
      names: .telling(configurations.map(\.configuration)))
  }

  package init(
    _ configurations: [ConfigurationRuns], metric: Metric, threshold: Double,
    names: ConfigurationNaming
  ) {
    rows = configurations.compactMap { runs in
      SeedVariance(runs, metric: metric, collapseThreshold: threshold).map { (runs, $0) }
    }
    self.names = names
    self.metric = metric
    self.threshold = threshold
  }

  package var isEmpty: Bool { rows.isEmpty }

  package func render(_ format: OutputFormat, ansi: Bool = false) -> String {
    table.render(format, ansi: ansi)
  }

  package var table: Table {
    var table = Table(
      caption: [
        "share of the variance of \(metric.rawValue), and of any collapse (Var(μ) < \(threshold)), "
          + "that goes with each seed; not truncated: below zero is what chance gives where there "
          + "is nothing",
        "nested: covariance of runs that share the level, 95 % interval by a bootstrap of levels "
          + "(simulated at 30 × 5 it holds in 90 to 92 % of cases) and, where every level has as many "
          + "redraws, Searle's F interval, exact for normal figures; under a rare mode neither holds; "
          + "crossed: expected mean squares, no interval",
      ],
      columns: [
        "configuration", "source", "design", .number("ok"), .number("diverged"),
        .number("failed"), .number("missing"),
        .number("share", title: "share of loss"),
        Column("ci95", title: "95 % interval"),
        Column("exact_ci95", title: "exact F interval"),
        .number("share_any_collapse", title: "of any collapse"),
        Column("ci95_any_collapse", title: "95 % interval"), "note",
      ], empty: "no configuration has seeds that were varied apart")
    for row in rows {
      // A design that lacks a cell has no sources, and a line all the same.
      let sources = row.variance.sources.isEmpty ? [nil] : row.variance.sources.map(Optional.some)
      for source in sources { append(row.runs, row.variance, source, to: &table) }
    }
    return table
  }

  private func append(
    _ runs: ConfigurationRuns, _ variance: SeedVariance, _ source: SeedVariance.Source?,
    to table: inout Table
  ) {
    let counts = runs.counts
    table.append([
      .text(names(runs.configuration)),
      Cell(source?.name),
      .text(Self.words(variance.design)),
      .value(.int(counts.ok), shown: "\(counts.ok)/\(counts.planned)"),
      .integer(counts.diverged), .integer(counts.failed), .integer(counts.missing),
      Cell(figure: source?.metric?.value), Cell(source?.metric?.interval),
      Cell(source?.metric?.exact),
      Cell(figure: source?.anyCollapse?.value), Cell(source?.anyCollapse?.interval),
      .text(variance.notes.joined(separator: "; ")),
    ])
  }

  private static func words(_ design: SeedVariance.Design) -> String {
    switch design {
    case .nested(_, let levels, let redraws): "nested, \(levels) levels × \(redraws) redraws"
    case .crossed(_, let levels):
      "crossed, " + levels.map(String.init).joined(separator: " × ")
    }
  }
}
