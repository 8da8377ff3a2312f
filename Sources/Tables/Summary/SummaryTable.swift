package import Study
package import Sweep
import VAE

/// The configurations of a sweep over their seeds, as `vaesweep summary` prints them.
///
/// For a person a compact table of the final error; for a program everything: `json` is the documented
/// array, `csv` the same with one column per figure.
package struct SummaryTable {
  private let summaries: [ConfigurationSummary]
  private let metric: Metric

  package init(_ summaries: [ConfigurationSummary], metric: Metric = .testTotalLast5) {
    self.summaries = summaries
    self.metric = metric
  }

  package func render(_ format: OutputFormat, ansi: Bool = false) -> String {
    switch format {
    case .json: JSONValue.array(summaries.map(\.json)).pretty + "\n"
    case .csv: SummaryCSV(summaries).table.render(.csv)
    case .table, .markdown: table.render(format, ansi: ansi)
    }
  }

  /// The compact table.
  package var table: Table {
    let keys = SummaryKeys(summaries)
    let figures = self.figures
    var table = Table(
      caption: caption(keys), columns: keys.shown.map(\.column) + figures.map(\.column),
      empty: "no configuration is planned")
    for summary in summaries {
      table.append(keys.shown.map { $0.cell(of: summary) } + figures.map { $0.cell(summary) })
    }
    return table
  }

  private func caption(_ keys: SummaryKeys) -> [String] {
    var lines = ["\(metric.withUnit) over seeds, mean ± 95 % interval"]
    if !keys.constants.isEmpty { lines.append(keys.constants) }
    if !keys.pooled.isEmpty { lines.append(keys.pooled) }
    if poolsUnlikeTotals, metric.isLoss {
      lines.append(
        "these rows pool totals that are not comparable: name sampling, loss, kl_weight and binarize in "
          + "--by")
    }
    if comparesSampling, metric.isLoss {
      lines.append(
        "totals with and without sampling are not comparable: compare reconstruction_at_mean")
    }
    return lines
  }

  /// Whether a row takes together losses that mean different things.
  private var poolsUnlikeTotals: Bool {
    let decisive: Set<String> = ["sampling", "loss", "kl_weight", "binarize"]
    return summaries.flatMap(\.pooledOver).contains { member in
      guard case .array(let values) = member.value else { return false }
      return decisive.contains(member.name) && values.count > 1
    }
  }

  /// Whether there are configurations with sampling and without it.
  private var comparesSampling: Bool {
    Set(summaries.compactMap { summary in summary.members.first { $0.name == "sampling" }?.value })
      .count > 1
  }

  private var figures: [Figure] {
    var figures = [
      Figure("ok", alignment: .right) { summary in
        .value(.int(summary.counts.ok), shown: "\(summary.counts.ok)/\(summary.counts.planned)")
      }
    ]
    let rare: [(String, (PointCounts) -> Int)] = [
      ("diverged", \.diverged), ("failed", \.failed), ("missing", \.missing),
    ]
    for (name, count) in rare where summaries.contains(where: { count($0.counts) > 0 }) {
      figures.append(Figure(name, alignment: .right) { .integer(count($0.counts)) })
    }
    let metric = metric
    let decimals = metric.decimals
    figures.append(Figure(title: metric.isLoss ? "error" : metric.rawValue, metric))
    if comparesSampling, metric.isLoss, metric != .testReconstructionAtMean {
      figures.append(Figure(title: "reconstruction_at_mean", .testReconstructionAtMean))
    }
    figures += [
      Figure("sd") { Self.deviation($0.metrics[metric], decimals) },
      Figure("min", alignment: .right, decimals: decimals) { Cell($0.metrics[metric]?.min) },
      Figure("median", alignment: .right, decimals: decimals) { Cell($0.metrics[metric]?.median) },
      Figure("max", alignment: .right, decimals: decimals) { Cell($0.metrics[metric]?.max) },
    ]
    if metric.isLoss {
      figures.append(Figure("worst_run", title: "worst run") { Cell($0.worst[metric]?.words) })
    }
    if summaries.contains(where: { $0.collapsed != nil }) {
      figures.append(
        Figure("collapsed", alignment: .right, decimals: 2) { Cell($0.collapsed?.mean) })
      figures.append(Figure("histogram") { Self.histogram($0.collapsed) })
    }
    if summaries.contains(where: { caveat($0) != nil }) {
      figures.append(Figure("note") { .text(caveat($0) ?? "") })
    }
    return figures
  }

  /// What to know of the mean, the spread and their intervals; nothing where there is no spread.
  private func caveat(_ summary: ConfigurationSummary) -> String? {
    guard summary.metrics[metric]?.sd != nil, let told = summary.caveats[metric], !told.isEmpty
    else { return nil }
    return told.joined(separator: "; ")
  }

  private static func deviation(_ summary: SampleSummary?, _ decimals: Int) -> Cell {
    guard let summary, let sd = summary.sd else { return .empty }
    let interval = summary.sdCI95.map {
      " [\($0.lower.shown(decimals: decimals)), \($0.upper.shown(decimals: decimals))]"
    }
    return .value(.number(sd), shown: sd.shown(decimals: decimals) + (interval ?? ""))
  }

  /// `0:12 1:6`: twelve runs without a collapsed latent, six with one.
  private static func histogram(_ collapsed: CollapseSummary?) -> Cell {
    guard let collapsed, collapsed.n > 0 else { return .empty }
    let bars = collapsed.bars.map { "\($0.collapsed):\($0.runs)" }
    return .value(collapsed.json["histogram"] ?? .null, shown: bars.joined(separator: " "))
  }
}

/// A column of the compact table, with what stands in it.
private struct Figure {
  let column: Column
  let cell: (ConfigurationSummary) -> Cell

  init(
    _ name: String, title: String? = nil, alignment: Column.Alignment = .left, decimals: Int? = nil,
    cell: @escaping (ConfigurationSummary) -> Cell
  ) {
    column = Column(name, title: title, alignment: alignment, decimals: decimals)
    self.cell = cell
  }

  /// The mean of a metric with its interval.
  init(title: String, _ metric: Metric) {
    self.init(title) { summary in
      guard let sample = summary.metrics[metric], let mean = sample.mean else { return .empty }
      let half = sample.ci95.map {
        " ± \((($0.upper - $0.lower) / 2).shown(decimals: metric.decimals))"
      }
      return .value(.number(mean), shown: mean.shown(decimals: metric.decimals) + (half ?? ""))
    }
  }
}
