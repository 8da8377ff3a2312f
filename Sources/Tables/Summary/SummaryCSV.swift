import Study
import Sweep

/// A summary with one column per figure: `test_total_sd`, `test_total_ci95_low` and so on.
struct SummaryCSV {
  private let summaries: [ConfigurationSummary]

  init(_ summaries: [ConfigurationSummary]) { self.summaries = summaries }

  var table: Table {
    let keys = ConfigurationKey.all.map(\.description).filter { name in
      summaries.contains { $0.members.contains { $0.name == name } }
    }
    let optional = Metric.optional.filter { metric in
      summaries.contains { ($0.metrics[metric]?.n ?? 0) > 0 }
    }
    var rows: [[JSONValue.Member]] = []
    for summary in summaries {
      let known = keys.map { name in
        summary.members.first { $0.name == name } ?? JSONValue.Member(name, .null)
      }
      rows.append(known + Self.figures(of: summary, Metric.allCases + optional))
    }
    let names = rows.first?.map(\.name) ?? []
    return Table(
      columns: names.map { Column($0) }, rows: rows.map { $0.map { Cell(json: $0.value) } })
  }

  private static func figures(
    of summary: ConfigurationSummary, _ metrics: [Metric]
  ) -> [JSONValue.Member] {
    var figures: [JSONValue.Member] = []
    if summary.isGroup {
      figures.append(JSONValue.Member("pooled_over", .object(summary.pooledOver)))
    }
    let counts = summary.counts
    figures += [
      JSONValue.Member("planned", .int(counts.planned)), JSONValue.Member("ok", .int(counts.ok)),
      JSONValue.Member("diverged", .int(counts.diverged)),
      JSONValue.Member("failed", .int(counts.failed)),
      JSONValue.Member("missing", .int(counts.missing)),
    ]
    for metric in metrics {
      let sample = summary.metrics[metric]
      let name = metric.rawValue
      figures += [
        JSONValue.Member("\(name)_n", JSONValue(sample?.n)),
        JSONValue.Member("\(name)_mean", JSONValue(sample?.mean)),
        JSONValue.Member("\(name)_sd", JSONValue(sample?.sd)),
        JSONValue.Member("\(name)_ci95_low", JSONValue(sample?.ci95?.lower)),
        JSONValue.Member("\(name)_ci95_high", JSONValue(sample?.ci95?.upper)),
        JSONValue.Member("\(name)_sd_ci95_low", JSONValue(sample?.sdCI95?.lower)),
        JSONValue.Member("\(name)_sd_ci95_high", JSONValue(sample?.sdCI95?.upper)),
        JSONValue.Member("\(name)_min", JSONValue(sample?.min)),
        JSONValue.Member("\(name)_median", JSONValue(sample?.median)),
        JSONValue.Member("\(name)_max", JSONValue(sample?.max)),
      ]
    }
    let any = summary.collapsed?.any
    let interval = any?.interval()
    figures += [
      JSONValue.Member("collapsed_mean", JSONValue(summary.collapsed?.mean)),
      JSONValue.Member("collapsed_histogram", summary.collapsed?.json["histogram"] ?? .null),
      JSONValue.Member("collapsed_any_share", JSONValue(any?.value)),
      JSONValue.Member("collapsed_any_ci95_low", JSONValue(interval?.lower)),
      JSONValue.Member("collapsed_any_ci95_high", JSONValue(interval?.upper)),
    ]
    return figures
  }
}
