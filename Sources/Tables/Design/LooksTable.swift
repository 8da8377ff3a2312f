package import Study
import Sweep
package import VAE

/// What each look at a sequential design found, and what was decided.
package struct LooksTable {
  private let rows: [(configuration: Configuration, looks: SequentialLooks)]

  package init(_ rows: [(configuration: Configuration, looks: SequentialLooks)]) {
    self.rows = rows
  }

  package func render(_ format: OutputFormat, ansi: Bool = false) -> String {
    table.render(format, ansi: ansi)
  }

  package var table: Table { table(.telling(rows.map(\.configuration))) }

  package func table(_ names: ConfigurationNaming) -> Table {
    var caption = [
      "looks fixed beforehand: each interval at 1 − 0.05/K for K looks, read once all seeds of its "
        + "prefix are done; runs beyond the look that decided are surplus and left out of every figure, "
        + "and what no worker held by then is not trained"
    ]
    for row in rows where row.looks.biasesDeviation {
      caption.append(
        "\(names(row.configuration)): its sd was stopped on, which makes it too "
          + "small on average; it stays out of claims about spread")
    }
    var table = Table(
      caption: caption,
      columns: [
        "configuration", "metric", .number("look"), .number("seeds"), .number("n"),
        Column("interval"), Column("confidence", alignment: .right, decimals: 4), "decision",
        .number("surplus"),
      ], empty: "no look was planned")
    for row in rows { append(row.looks, names(row.configuration), to: &table) }
    return table
  }

  private func append(_ looks: SequentialLooks, _ name: String, to table: inout Table) {
    let plan = looks.plan
    for (number, look) in looks.looks.enumerated() {
      let isLast = number == looks.looks.count - 1
      table.append([
        .text(name), .text(Self.target(plan)), .integer(number + 1), .integer(look.seeds),
        .integer(look.n),
        Cell(look.interval),
        .number(SequentialLooks.confidence(of: plan)),
        .text(isLast ? decision(looks) : "go on"),
        isLast ? .integer(looks.surplus.count) : .empty,
      ])
    }
    guard looks.looks.isEmpty else { return }
    table.append([
      .text(name), .text(Self.target(plan)), .integer(0), .integer(0), .integer(0), .empty,
      .number(SequentialLooks.confidence(of: plan)), .text(decision(looks)), .integer(0),
    ])
  }

  /// What the interval is of.
  private static func target(_ plan: LookPlan) -> String {
    switch plan.aim {
    case .meanHalfWidth, .deviationHalfWidth: plan.metric.rawValue
    case .collapseHalfWidth: "share with any collapse"
    }
  }

  private func decision(_ looks: SequentialLooks) -> String {
    switch looks.state {
    case .reached(let count): return "narrow enough at \(count.of("seed"))"
    case .exhausted: return "not narrow enough at the last look"
    case .waiting(let missing):
      let shown = missing.prefix(5).map(String.init).joined(separator: ", ")
      let more = missing.count > 5 ? ", …" : ""
      return missing.isEmpty
        ? "waits for more seeds" : "waits for \(missing.count.of("seed")) (\(shown)\(more))"
    }
  }
}
