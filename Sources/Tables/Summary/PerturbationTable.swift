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
        .number("sd"), .number("sd_within_seeds", title: "within seeds"),
        .number("share"), Column("ci95", title: "95 % interval"),
        Column("exact_ci95", title: "exact F interval"),
        .number("share_any_collapse", title: "of any collapse"),
        Column("ci95_any_collapse", title: "95 % interval"), "note",
      ], empty: "no configuration has seeds of which several perturbations were run")
    for share in shares {
      table.append([
        .text(names(share.configuration)), .integer(share.epoch), .integer(share.seeds),
        .integer(share.perturbations), Cell(figure: share.sd),
        Cell(figure: share.sdWithinSeeds), Cell(figure: share.metric.value),
        Cell(share.metric.interval), Cell(share.metric.exact),
        Cell(figure: share.anyCollapse?.value), Cell(share.anyCollapse?.interval),
        .text(share.notes.joined(separator: "; ")),
      ])
    }
    return table
  }
}
