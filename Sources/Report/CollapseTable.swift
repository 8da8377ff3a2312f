package import Study
package import Sweep
import VAE

/// Collapse per configuration: the mean number of collapsed latents at each threshold, and how much
/// of the variance of a metric goes with that number.
package struct CollapseTable {
  private let configurations: [ConfigurationRuns]
  private let metric: Metric
  private let threshold: Double

  /// Configurations without sampling are left out: their codes have no scale.
  package init(
    _ configurations: [ConfigurationRuns], metric: Metric = .testTotalLast5,
    threshold: Double = collapseThreshold
  ) {
    self.configurations = configurations.filter(\.configuration.sampling)
    self.metric = metric
    self.threshold = threshold
  }

  package func render(_ format: OutputFormat, ansi: Bool = false) -> String {
    switch format {
    case .json: JSONValue.array(configurations.map(json)).pretty + "\n"
    case .csv, .table, .markdown: table.render(format, ansi: ansi)
    }
  }

  var table: Table {
    let thresholds = shownCollapseThresholds.map {
      Column.number("collapsed_at_\($0)", title: "< \($0)", decimals: 2)
    }
    var table = Table(
      caption: [
        "collapsed latents per run, by Var(μ) over the test set at five thresholds",
        "variance of \(metric.rawValue) between and within numbers of collapsed latents "
          + "(Var(μ) < \(threshold))",
        "dead units: whether runs with more units that are zero on the whole test set have more "
          + "collapsed latents (Spearman's ρ, permutation p): where they do, dying units may be why",
      ],
      columns: [
        "configuration", .number("ok"), .number("diverged"), .number("failed"),
        .number("missing"),
      ] + thresholds + [
        "modes", .number("variance_between", title: "between", decimals: 3),
        .number("variance_within", title: "within", decimals: 3),
        .number("share_explained", title: "share explained", decimals: 3),
        .number("dead_units_mean", title: "dead units", decimals: 1),
        .number("dead_units_rho", title: "ρ with collapse", decimals: 2),
        Column("dead_units_p", title: "p", alignment: .right), "note",
      ])
    let names = configurations.map(\.configuration)
    for runs in configurations {
      let variance = runs.variance(of: metric, collapseThreshold: threshold)
      let counts = runs.counts
      let dead = runs.deadUnitsAndCollapse(threshold: threshold)
      table.append(
        [
          .text(runs.configuration.told(apartFrom: names)), .integer(counts.ok),
          .integer(counts.diverged), .integer(counts.failed), .integer(counts.missing),
        ] + shownCollapseThresholds.map { Cell(collapse(runs, $0).mean) }
          + [
            Cell(modes(variance)), Cell(variance?.between), Cell(variance?.within),
            Cell(variance?.shareExplained),
            Cell(Sample(runs.runs.compactMap { $0.deadUnits.map(Double.init) }).mean),
            Cell(dead?.rho),
            dead.map { .value(.number($0.pValue), shown: $0.pValue.probability) } ?? .empty,
            .text(collapse(runs, threshold).deviationCaveat ?? ""),
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

  private func json(_ runs: ConfigurationRuns) -> JSONValue {
    let counts = runs.counts
    let variance = runs.variance(of: metric, collapseThreshold: threshold)
    let units = Sample(runs.runs.compactMap { $0.deadUnits.map(Double.init) })
    let dead = runs.deadUnitsAndCollapse(threshold: threshold)
    return .object(
      runs.configuration.members + [
        JSONValue.Member("planned", .int(counts.planned)), JSONValue.Member("ok", .int(counts.ok)),
        JSONValue.Member("diverged", .int(counts.diverged)),
        JSONValue.Member("failed", .int(counts.failed)),
        JSONValue.Member("missing", .int(counts.missing)),
        JSONValue.Member("collapsed_at", CollapseFigures.atThresholds(runs)),
        JSONValue.Member("metric", .string(metric.rawValue)),
        JSONValue.Member("collapse_threshold", JSONValue(threshold)),
        JSONValue.Member("variance", variance.map(CollapseFigures.json) ?? .null),
        JSONValue.Member(
          "rare_modes", .array(collapse(runs, threshold).rareModes.map(JSONValue.int))),
        JSONValue.Member(
          "dead_units",
          [
            "mean": JSONValue(units.mean), "spearman_rho": JSONValue(dead?.rho),
            "p": JSONValue(dead?.pValue),
          ]),
      ])
  }
}
