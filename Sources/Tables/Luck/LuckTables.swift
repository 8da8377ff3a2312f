package import Study
import Sweep
import VAE

/// The figures of one set of comparable configurations.
package struct LuckTables {
  private let luck: Luck
  private let names: ConfigurationNaming

  package init(_ luck: Luck, names: ConfigurationNaming) {
    self.luck = luck
    self.names = names
  }

  private var decimals: Int { luck.set.metric.decimals }

  private func name(_ place: Int) -> Cell { .text(names(luck.set.members[place].configuration)) }

  private func cell(_ interval: Interval?, decimals: Int) -> Cell {
    interval.map {
      .value(
        $0.json,
        shown: "\($0.lower.shown(decimals: decimals)) to \($0.upper.shown(decimals: decimals))")
    } ?? .empty
  }

  /// By runs of each: how often the choice is wrong, and what it costs.
  package var risk: Table {
    let unit = luck.set.metric.isLoss ? "nats" : nil
    var table = Table(
      caption: [
        "choosing by the mean of k \(luck.set.unit.many) of each: how often the choice is not the best "
          + "on average, and what that costs"
      ],
      columns: [
        .number("k"), Column("wrong_choice", title: "wrong choice", alignment: .right),
        .number("cost", unit: unit), "note",
      ])
    for step in luck.risk?.steps ?? [] {
      table.append([
        .integer(step.k), .value(JSONValue(step.wrong), shown: step.wrong.percent),
        Cell(figure: step.cost), .text(step.notes ?? ""),
      ])
    }
    return table
  }

  /// Each pair with its interval.
  package var beats: Table {
    var table = Table(
      caption: [
        "how likely a \(luck.set.unit.one) of A beats a \(luck.set.unit.one) of B, ties half"
      ],
      columns: [
        Column("a", title: "A"), Column("b", title: "B"),
        .number("probability", title: "P(A beats B)", decimals: 3),
        Column("ci95", title: "95 % interval"),
      ])
    for pair in luck.beats {
      table.append([
        name(pair.first), name(pair.second), .number(pair.probability),
        cell(pair.interval, decimals: 3),
      ])
    }
    return table
  }

  /// A row per configuration, a column per budget.
  package var best: Table {
    let budgets = [1, 2, 3, 5, 10, 20, 50, 100].filter { k in
      luck.best.contains { $0.contains { $0.k == k } }
    }
    var table = Table(
      caption: [
        "expected best of k \(luck.set.unit.many), with percentile interval (held in "
          + "\(SimulatedCoverage.ofBest(runs: luck.set.fewestValues).three.percent) of simulations at k = 3, in fewer beyond)"
      ],
      columns: ["configuration"] + budgets.map { Column("best_of_\($0)", title: "of \($0)") })
    for (place, own) in luck.best.enumerated() {
      table.append(
        [name(place)]
          + budgets.map { k in
            guard let found = own.first(where: { $0.k == k }) else { return .empty }
            let interval = found.interval.map {
              " [\($0.lower.shown(decimals: decimals)), \($0.upper.shown(decimals: decimals))]"
            }
            return .value(
              JSONValue(found.expected),
              shown: found.expected.shown(decimals: decimals) + (interval ?? ""))
          })
    }
    return table
  }

  /// Every figure in a line of its own, for a program that reads no nested JSON.
  var flat: [[Cell]] {
    shares + risks + luck.beats.map(line) + bests
  }

  /// The same of a configuration that no other can be held against.
  static func flat(_ alone: LoneLuck, names: ConfigurationNaming) -> [[Cell]] {
    let name = names(alone.runs.configuration)
    let figures = [
      ("runs", Double(alone.sample.count)), ("sd", alone.standardDeviation),
      ("min", alone.sample.minimum), ("max", alone.sample.maximum),
      ("luck_by_collapse", alone.shareByCollapse),
    ]
    return figures.map { line(alone.metric, $0, a: .text(name), value: $1) }
      + (alone.seeds.map { bySeed(alone.metric, name, $0) } ?? [])
  }

  private static func bySeed(_ metric: Metric, _ name: String, _ variance: SeedVariance)
    -> [[Cell]]
  {
    variance.sources.map { source in
      line(
        metric, "luck_by_seed", a: .text(name), b: .text(source.name),
        value: source.metric?.value, interval: source.metric?.interval)
    }
  }

  private func line(
    _ figure: String, a: Cell = .empty, b: Cell = .empty, k: Int? = nil, value: Double?,
    interval: Interval? = nil, note: String? = nil
  ) -> [Cell] {
    Self.line(
      luck.set.metric, figure, a: a, b: b, k: k, value: value, interval: interval, note: note)
  }

  private static func line(
    _ metric: Metric, _ figure: String, a: Cell = .empty, b: Cell = .empty, k: Int? = nil,
    value: Double?, interval: Interval? = nil, note: String? = nil
  ) -> [Cell] {
    [
      .text(metric.rawValue), .text(figure), a, b, Cell(k), Cell(value),
      Cell(interval?.lower), Cell(interval?.upper), note.map(Cell.text) ?? .empty,
    ]
  }

  private var shares: [[Cell]] {
    let shares: [(String, ShareExplained?)] = [
      ("share_explained", luck.explained),
      ("share_explained_without_outermost", luck.explainedWithoutOutermost),
      ("collapsed_share_explained", luck.collapse),
      ("collapsed_share_explained_without_outermost", luck.collapseWithoutOutermost),
    ]
    return shares.map { line($0, value: $1?.value, interval: $1?.interval) }
      + [line("luck_by_collapse", value: luck.rest.shareByCollapse)]
      + luck.rest.seeds.flatMap {
        Self.bySeed(luck.set.metric, names($0.configuration), $0.variance)
      }
  }

  private var risks: [[Cell]] {
    var lines: [[Cell]] = []
    for step in luck.risk?.steps ?? [] {
      let note = step.notes
      lines.append(line("wrong_choice", k: step.k, value: step.wrong, note: note))
      lines.append(line("cost", k: step.k, value: step.cost, note: note))
    }
    let seeds = [
      ("seeds_until_right", luck.risk?.seedsUntilRight),
      ("seeds_until_settled", luck.risk?.seedsUntilSettled),
    ]
    lines += seeds.map { line($0, value: $1.map { Double($0) }) }
    guard let choice = luck.bySeed else { return lines }
    let note = "of \(choice.seeds) shared seeds"
    return lines + [
      line("wrong_choice_at_one_seed", k: 1, value: choice.wrong, note: note),
      line("cost_at_one_seed", k: 1, value: choice.cost, note: note),
    ]
  }

  private func line(_ pair: RunBeatsRun) -> [Cell] {
    line(
      "beats", a: name(pair.first), b: name(pair.second), value: pair.probability,
      interval: pair.interval)
  }

  private var bests: [[Cell]] {
    luck.best.enumerated().flatMap { place, own in
      own.map {
        line("best_of", a: name(place), k: $0.k, value: $0.expected, interval: $0.interval)
      }
    }
  }

  static let flatColumns: [Column] = [
    "metric", "figure", "a", "b", .number("k"), .number("value"), .number("ci95_low"),
    .number("ci95_high"), "note",
  ]
}

extension ChoiceRisk.Step {
  /// How it was drawn; nil where it is exact.
  fileprivate var notes: String? {
    let notes =
      (withReplacement ? ["with replacement"] : []) + (draws.map { ["\($0) draws"] } ?? [])
    return notes.isEmpty ? nil : notes.joined(separator: ", ")
  }
}
