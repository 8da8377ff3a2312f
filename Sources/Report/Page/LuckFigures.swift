import Figures
import Study
import Sweep
import Tables
import VAE

/// The charts of one set of comparable configurations.
struct LuckFigures {
  private let luck: Luck
  private let names: [String]

  init(_ luck: Luck, names: ConfigurationNaming) {
    self.luck = luck
    self.names = luck.set.members.map { names($0.configuration) }
  }

  private var unit: ComparableSet.Unit { luck.set.unit }

  /// Each with the name of its file.
  var all: [(file: String, drawing: Drawing)] {
    [("luck-runs", runs), ("luck-beats", beats)] + (wrong.map { [("luck-choice", $0)] } ?? []) + [
      ("luck-best", best)
    ]
  }

  private var runs: Drawing {
    RunStrips(
      rows: zip(names, luck.set.members).map { RunStrips.Row(name: $0, sample: $1.sample) },
      measure: luck.set.metric.axisTitle, decimals: luck.set.metric.decimals,
      isHigherBetter: luck.set.isHigherBetter,
      title:
        "Every \(unit.one) as a dot, means as bars, the best first: what lies between the "
        + "rows goes with the configuration, what lies within a row is luck"
    ).drawing
  }

  /// More names than these would be most of the page: cells name their row and column by number.
  private static let maxNamed = 14

  private var beats: Drawing {
    let called =
      names.count > Self.maxNamed ? names.indices.map { "\($0 + 1)" } : names
    var cells = names.map { _ in names.map { _ in BeatMatrix.Cell?.none } }
    for pair in luck.beats {
      let (a, b) = (called[pair.first], called[pair.second])
      let interval = pair.interval
      func words(_ probability: Double, _ lower: Double?, _ upper: Double?) -> String {
        guard let lower, let upper else { return probability.shown(decimals: 3) }
        return "\(probability.shown(decimals: 3)), 95 % interval \(lower.shown(decimals: 3)) to "
          + upper.shown(decimals: 3)
      }
      let p = pair.probability
      cells[pair.first][pair.second] = BeatMatrix.Cell(
        probability: p,
        words: "a run of \(a) beats one of \(b): "
          + words(p, interval?.lower, interval?.upper))
      cells[pair.second][pair.first] = BeatMatrix.Cell(
        probability: 1 - p,
        words: "a run of \(b) beats one of \(a): "
          + words(1 - p, interval.map { 1 - $0.upper }, interval.map { 1 - $0.lower }))
    }
    return BeatMatrix(
      names: names, cells: cells,
      title: "How likely a \(unit.one) of one configuration beats a \(unit.one) of another"
    ).drawing
  }

  /// Nil where one run of each is always right.
  private var wrong: Drawing? {
    guard let risk = luck.risk, risk.steps.contains(where: { $0.wrong > 0 }) else { return nil }
    let points = risk.steps.map { RunBudgetCurves.Point(k: $0.k, value: 100 * $0.wrong) }
    return RunBudgetCurves(
      curves: [RunBudgetCurves.Curve(name: "wrong choice", points: points)],
      measure: "wrong choices (%)", decimals: 1, limit: 100 * ChoiceRisk.accepted,
      title:
        "How often the best of single \(unit.many), or of means of k, is not the best on average; "
        + "the line is 5 %"
    ).drawing
  }

  private var best: Drawing {
    let curves = zip(names, luck.best).map { name, own in
      RunBudgetCurves.Curve(
        name: name,
        points: own.map {
          RunBudgetCurves.Point(k: $0.k, value: $0.expected, interval: $0.interval)
        })
    }
    return RunBudgetCurves(
      curves: curves,
      measure: luck.set.metric.isLoss ? "expected best (nats per image)" : "expected best",
      decimals: luck.set.metric.decimals,
      title: "What the best of k \(unit.many) is expected to be"
    ).drawing
  }
}
