package import Study
package import Sweep
import VAE

/// Collapse per configuration: the mean number of collapsed latents at each threshold, how much of the
/// variance of a metric goes with that number, and whether dead units do, layer by layer.
package struct CollapseTable {
  private let configurations: [ConfigurationRuns]
  private let names: ConfigurationNaming
  private let metric: Metric
  private let threshold: Double

  /// Configurations without sampling are left out: their codes have no scale.
  package init(
    _ configurations: [ConfigurationRuns], metric: Metric = .testTotalLast5,
    threshold: Double = collapseThreshold
  ) {
    let sampled = configurations.filter(\.configuration.sampling)
    self.init(
      sampled, metric: metric, threshold: threshold, names: .telling(sampled.map(\.configuration)))
  }

  /// With the names that the place where the table stands gives to configurations.
  package init(
    _ configurations: [ConfigurationRuns], metric: Metric = .testTotalLast5, threshold: Double,
    names: ConfigurationNaming
  ) {
    self.configurations = configurations.filter(\.configuration.sampling)
    self.names = names
    self.metric = metric
    self.threshold = threshold
  }

  package func render(_ format: OutputFormat, ansi: Bool = false) -> String {
    switch format {
    case .json: JSONValue.array(zip(configurations, dead.json).map(json)).pretty + "\n"
    case .csv: flat.render(.csv)
    case .table, .markdown:
      table.render(format, ansi: ansi) + "\n" + dead.table.render(format, ansi: ansi)
    }
  }

  private var dead: DeadLayerTable {
    DeadLayerTable(configurations, threshold: threshold, names: names)
  }

  /// The table with the dead layers of each configuration in one more column, as JSON.
  private var flat: Table {
    let table = table
    return Table(
      columns: table.columns + ["dead_units"],
      rows: zip(table.rows, dead.json).map { $0 + [Cell(json: $1)] })
  }

  package var table: Table {
    let thresholds = shownCollapseThresholds.map {
      Column.number("collapsed_at_\($0)", title: "< \($0)", decimals: 2)
    }
    var table = Table(
      caption: [
        "collapsed latents per run, by Var(μ) over the test set at five thresholds, and by mean KL "
          + "below \(collapsedKL) nats, which cuts no continuum early in training",
        "variance of \(metric.rawValue) between and within numbers of collapsed latents "
          + "(Var(μ) < \(threshold))",
      ],
      columns: [
        "configuration", .number("ok"), .number("diverged"), .number("failed"),
        .number("missing"),
      ] + thresholds + [
        .number("collapsed_by_kl", title: "KL < \(collapsedKL)", decimals: 2), "modes",
        .number("variance_between", title: "between", decimals: 3),
        .number("variance_within", title: "within", decimals: 3),
        .number("share_explained", title: "share explained", decimals: 3),
        "note",
      ], empty: "no configuration samples, and without sampling no latent is said to collapse")
    for runs in configurations {
      let variance = runs.variance(of: metric, collapseThreshold: threshold)
      let counts = runs.counts
      table.append(
        [
          .text(names(runs.configuration)), .integer(counts.ok),
          .integer(counts.diverged), .integer(counts.failed), .integer(counts.missing),
        ] + shownCollapseThresholds.map { Cell(collapse(runs, $0).mean) }
          + [
            Cell(CollapseSummary(counts: runs.runs.compactMap(\.collapsedByKL)).mean),
            Cell(modes(variance)), Cell(variance?.between), Cell(variance?.within),
            Cell(variance?.shareExplained),
            .text(runs.caveats(metric, collapseThreshold: threshold).joined(separator: "; ")),
          ])
    }
    return table
  }

  private func collapse(_ runs: ConfigurationRuns, _ threshold: Double) -> CollapseSummary {
    CollapseSummary(counts: runs.collapsed(threshold: threshold) ?? [])
  }

  /// `0: 151.20 (12), 1: 153.90 (8)`: the mean of the twelve runs without a collapsed latent, and so
  /// on.
  private func modes(_ variance: VarianceByCollapse?) -> String? {
    variance?.modes.map { mode in
      "\(mode.collapsed): \(mode.sample.mean?.shown(decimals: 2) ?? "–") (\(mode.sample.count))"
    }.joined(separator: ", ")
  }

  private func json(_ runs: ConfigurationRuns, dead: JSONValue) -> JSONValue {
    let counts = runs.counts
    let variance = runs.variance(of: metric, collapseThreshold: threshold)
    return .object(
      runs.configuration.members + [
        JSONValue.Member("planned", .int(counts.planned)), JSONValue.Member("ok", .int(counts.ok)),
        JSONValue.Member("diverged", .int(counts.diverged)),
        JSONValue.Member("failed", .int(counts.failed)),
        JSONValue.Member("missing", .int(counts.missing)),
        JSONValue.Member("collapsed_at", CollapseFigures.atThresholds(runs)),
        JSONValue.Member(
          "collapsed_by_kl",
          CollapseSummary(counts: runs.runs.compactMap(\.collapsedByKL)).json),
        JSONValue.Member("metric", .string(metric.rawValue)),
        JSONValue.Member("collapse_threshold", JSONValue(threshold)),
        JSONValue.Member("variance", variance.map(CollapseFigures.json) ?? .null),
        JSONValue.Member(
          "rare_modes",
          .array((variance?.rareModes ?? []).map { .int($0.collapsed) })),
        JSONValue.Member("dead_units", dead),
      ])
  }
}
