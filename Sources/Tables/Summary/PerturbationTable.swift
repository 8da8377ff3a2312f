package import Study
package import Sweep
import VAE

/// What share of the variance over seeds one unit in the last place gives by itself.
package struct PerturbationTable {
  private let shares: [PerturbationShare]
  private let metric: Metric
  private let threshold: Double
  private let names: ConfigurationNaming

  package init(
    _ configurations: [ConfigurationRuns], metric: Metric = .testTotalLast5,
    threshold: Double = collapseThreshold
  ) {
    shares = PerturbationShare.all(configurations, metric: metric, collapseThreshold: threshold)
    self.metric = metric
    self.threshold = threshold
    names = .telling(shares.map(\.configuration))
  }

  package var isEmpty: Bool { shares.isEmpty }

  package func render(_ format: OutputFormat) -> String { table.render(format) }

  private var table: Table {
    var table = Table(
      caption: [
        "share of the variance of \(metric.rawValue), and of any collapse (Var(μ) < \(threshold)), "
          + "that one unit in the last place of one weight gives by itself, all seeds held",
        "1 − the intraclass correlation of runs that share their seeds, not truncated: above one is "
          + "what chance gives where the seeds matter for nothing; 95 % intervals by a bootstrap of "
          + "seeds and, where every seed has as many runs, by F",
      ],
      columns: [
        "configuration", .number("epoch"), .number("seeds"), .number("perturbations"),
        .number("sd", decimals: metric.decimals),
        .number("sd_within_seeds", title: "within seeds", decimals: metric.decimals),
        .number("share", decimals: 3), Column("ci95", title: "95 % interval"),
        Column("exact_ci95", title: "exact F interval"),
        .number("share_any_collapse", title: "of any collapse", decimals: 3),
        Column("ci95_any_collapse", title: "95 % interval"), "note",
      ], empty: "no configuration has seeds of which several perturbations were run")
    for share in shares {
      table.append([
        .text(names(share.configuration)), .integer(share.epoch), .integer(share.seeds),
        .integer(share.perturbations), Cell(share.sd), Cell(share.sdWithinSeeds),
        Cell(share.metric.value), Self.cell(share.metric.interval),
        Self.cell(share.metric.exact), Cell(share.anyCollapse?.value),
        Self.cell(share.anyCollapse?.interval), .text(share.notes.joined(separator: "; ")),
      ])
    }
    return table
  }

  private static func cell(_ interval: Interval?) -> Cell {
    interval.map { .value($0.json, shown: $0.figure) } ?? .empty
  }
}
