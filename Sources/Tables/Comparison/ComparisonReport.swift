package import Study
import Sweep
import VAE

/// Two configurations compared, as `vaesweep compare` prints them.
///
/// `table` and `markdown`: the two configurations, the comparisons in figures, then each in a
/// sentence. `csv`: one line per comparison. `json`: all of it in one object.
package struct ComparisonReport {
  private let comparison: ConfigurationComparison
  private let sides: [ComparedSide]
  private let rows: [ComparisonRow]

  package init(_ comparison: ConfigurationComparison) {
    self.comparison = comparison
    sides = [comparison.first, comparison.second].map { ComparedSide($0, in: comparison) }
    rows = ComparisonRows(comparison).all
  }

  package func render(_ format: OutputFormat, ansi: Bool = false) -> String {
    switch format {
    case .json: json.pretty + "\n"
    case .csv: flat.render(.csv)
    case .table, .markdown:
      sideTable.render(format, ansi: ansi) + "\n" + figures.render(format, ansi: ansi) + "\n"
        + sentences.map { format == .markdown ? "- \($0)\n" : "\($0)\n" }.joined()
    }
  }

  private static let inference =
    "inference is over seeds, given this split into training and test images"

  private var caption: [String] {
    let resampling = comparison.resampling
    return [
      "\(comparison.metric.withUnit); A less B, or A over B; \(Self.inference)",
      "exploratory: intervals (95 %) and Benjamini–Hochberg q over the tests of this table (a report's is "
        + "over all of its comparisons), no verdict; "
        + "\(resampling.replicates) resamples from seed \(resampling.seed)",
    ]
  }

  private var sideTable: Table {
    var table = Table(
      caption: caption,
      columns: [
        "side", "configuration", Column("ok", alignment: .right), .number("diverged"),
        .number("failed"), .number("missing"), "mean", "sd",
        .number("min", decimals: decimals), .number("max", decimals: decimals), "worst_run",
        "any_collapse",
        Column("collapsed_at", title: "collapsed at " + Self.thresholds), "variance_by_collapse",
      ])
    for (name, side) in zip(["A", "B"], sides) {
      let (summary, counts) = (side.summary, side.runs.counts)
      table.append([
        .text(name), .text(side.name),
        .value(.int(counts.ok), shown: "\(counts.ok)/\(counts.planned)"),
        .integer(counts.diverged), .integer(counts.failed), .integer(counts.missing),
        cell(summary.mean, summary.ci95.map { " ± \(shown(($0.upper - $0.lower) / 2))" }),
        cell(summary.sd, summary.sdCI95.map { " [\(shown($0.lower)), \(shown($0.upper))]" }),
        Cell(summary.min), Cell(summary.max), Cell(worst(side)), Cell(anyCollapse(side)),
        Cell(meanCounts(side)), Cell(explained(side)),
      ])
    }
    return table
  }

  private static let thresholds = shownCollapseThresholds.map { "\($0)" }.joined(separator: " ")

  private func cell(_ number: Double?, _ interval: String?) -> Cell {
    guard let number else { return .empty }
    return .value(JSONValue(number), shown: shown(number) + (interval ?? ""))
  }

  private var decimals: Int { comparison.metric.decimals }

  private func shown(_ number: Double) -> String { number.shown(decimals: decimals) }

  private func worst(_ side: ComparedSide) -> String? {
    side.runs.worst(comparison.metric).map(\.seeds.words)
  }

  private func anyCollapse(_ side: ComparedSide) -> String? {
    guard let any = side.collapse?.any, let share = any.value else { return nil }
    let interval = any.interval().map { " [\($0.lower.percent), \($0.upper.percent)]" } ?? ""
    return share.percent + interval
  }

  /// Mean collapsed latents per run at each threshold.
  private func meanCounts(_ side: ComparedSide) -> String? {
    let means = shownCollapseThresholds.compactMap { side.collapse($0)?.mean }
    return means.isEmpty ? nil : means.map { $0.shown(decimals: 2) }.joined(separator: " ")
  }

  private func explained(_ side: ComparedSide) -> String? {
    guard let variance = side.variance, let share = variance.shareExplained else { return nil }
    return "\(share.percent) between, sd within \(variance.within.squareRoot().figure)"
  }

  private var figures: Table {
    let q = comparison.qValues
    var table = Table(columns: [
      "effect", Column("estimate", alignment: .right), Column("ci95", title: "95 % interval"),
      "test", Column("p", alignment: .right), Column("q", alignment: .right), "note",
    ])
    for row in rows {
      table.append([
        .text(row.effect), Cell(row.estimate?.figure), Cell(row.interval?.figure), .text(row.test),
        Cell(comparison.pValue(row.question)?.probability), Cell(q[row.question]?.probability),
        .text(row.notes.joined(separator: "; ")),
      ])
    }
    return table
  }

  private var sentences: [String] { rows.map(\.sentence) + warnings }

  private var warnings: [String] { sides.compactMap(\.warning) }

  /// One line per comparison, with the counts of both sides.
  private var flat: Table {
    let q = comparison.qValues
    let lines = rows.map { Self.line($0, comparison, q: q[$0.question]) }
    return Table(
      columns: (lines.first ?? []).map { Column($0.name) },
      rows: lines.map { $0.map { Cell(json: $0.value) } })
  }

  /// One question of a comparison, with the counts of both sides.
  ///
  /// - Parameter names: What the sides are called; by default told apart from each other alone.
  static func line(
    _ row: ComparisonRow, _ comparison: ConfigurationComparison, q: Double?,
    names: ConfigurationNaming? = nil
  ) -> [JSONValue.Member] {
    var members = Self.members(row, comparison, q: q, beside: false)
    for (prefix, runs) in zip(["a", "b"], [comparison.first, comparison.second]) {
      let side = ComparedSide(runs, in: comparison, names: names)
      members.append(JSONValue.Member(prefix, .string(side.name)))
      members += side.counts(prefix: prefix + "_")
    }
    return members
  }

  private var json: JSONValue {
    [
      "metric": .string(comparison.metric.rawValue), "exploratory": .bool(true),
      "inference": .string(Self.inference), "confidence": .number(confidence),
      "collapse_threshold": JSONValue(comparison.collapseThreshold),
      "resampling": [
        "replicates": .int(comparison.resampling.replicates),
        "seed": .int(Int(clamping: comparison.resampling.seed)),
      ],
      "a": sides[0].json, "b": sides[1].json,
      "comparisons": .array(
        rows.map {
          .object(Self.members($0, comparison, q: comparison.qValues[$0.question], beside: true))
        }),
      "warnings": .array(warnings.map(JSONValue.string)),
    ]
  }

  private static func members(
    _ row: ComparisonRow, _ comparison: ConfigurationComparison, q: Double?, beside: Bool
  ) -> [JSONValue.Member] {
    var members = [
      JSONValue.Member("comparison", .string(row.question.rawValue)),
      JSONValue.Member("metric", .string(comparison.metric.rawValue)),
      JSONValue.Member("effect", .string(row.effect)),
      JSONValue.Member("estimate", JSONValue(row.estimate)),
    ]
    if beside {
      members.append(JSONValue.Member("ci95", row.interval?.json ?? .null))
    } else {
      members.append(JSONValue.Member("ci95_low", JSONValue(row.interval?.lower)))
      members.append(JSONValue.Member("ci95_high", JSONValue(row.interval?.upper)))
    }
    members += [
      JSONValue.Member("test", .string(row.test)),
      JSONValue.Member("p", JSONValue(comparison.pValue(row.question))),
      JSONValue.Member("q", JSONValue(q)),
    ]
    if beside {
      members.append(JSONValue.Member("beside", .object(row.beside)))
      members.append(JSONValue.Member("notes", .array(row.notes.map(JSONValue.string))))
    } else {
      members.append(JSONValue.Member("notes", .string(row.notes.joined(separator: "; "))))
    }
    members.append(JSONValue.Member("sentence", .string(row.sentence)))
    return members
  }
}
