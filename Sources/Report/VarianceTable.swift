package import Study
package import Sweep
import VAE

/// Where the variance over seeds comes from, for the configurations whose seeds were varied apart.
package struct VarianceTable {
  private let rows: [(runs: ConfigurationRuns, variance: SeedVariance)]
  private let names: [Configuration]
  private let metric: Metric
  private let threshold: Double

  /// Configurations whose design tells no seed from another are left out.
  package init(
    _ configurations: [ConfigurationRuns], metric: Metric = .testTotalLast5,
    threshold: Double = collapseThreshold
  ) {
    rows = configurations.compactMap { runs in
      SeedVariance(runs, metric: metric, collapseThreshold: threshold).map { (runs, $0) }
    }
    names = configurations.map(\.configuration)
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
        "nested: covariance of runs that share the level, 95 % interval by a bootstrap of levels; "
          + "crossed: expected mean squares, no interval",
      ],
      columns: [
        "configuration", "source", "design", .number("ok"), .number("diverged"),
        .number("failed"), .number("missing"),
        .number("share", title: "share of loss", decimals: 2),
        Column("ci95", title: "95 % interval"),
        .number("share_any_collapse", title: "of any collapse", decimals: 2),
        Column("ci95_any_collapse", title: "95 % interval"), "note",
      ])
    for row in rows {
      for source in row.variance.sources {
        let counts = row.runs.counts
        table.append([
          .text(row.runs.configuration.told(apartFrom: names)),
          .text(source.factors.map(\.rawValue).joined(separator: " × ")),
          .text(Self.words(row.variance.design)),
          .value(.int(counts.ok), shown: "\(counts.ok)/\(counts.planned)"),
          .integer(counts.diverged), .integer(counts.failed), .integer(counts.missing),
          Cell(source.metric?.value), Self.cell(source.metric?.interval),
          Cell(source.anyCollapse?.value), Self.cell(source.anyCollapse?.interval),
          .text(row.variance.notes.joined(separator: "; ")),
        ])
      }
    }
    return table
  }

  private static func cell(_ interval: Interval?) -> Cell {
    interval.map { .value($0.json, shown: $0.figure) } ?? .empty
  }

  private static func words(_ design: SeedVariance.Design) -> String {
    switch design {
    case .nested(_, let levels, let redraws): "nested, \(levels) levels × \(redraws) redraws"
    case .crossed(_, let levels):
      "crossed, " + levels.map(String.init).joined(separator: " × ")
    }
  }
}
