import Study
import Sweep
import VAE

/// One set of comparable configurations as `luck --format json` prints it, or one configuration that
/// no other can be held against: without what takes two.
struct LuckJSON {
  private let metric: Metric
  private let configurations: [String]
  private let unit: ComparableSet.Unit
  private let missing: Int
  private let byCollapse: Double?
  private let bySeed: [JSONValue]
  private let sentences: [String]
  /// What takes two configurations; nil of one by itself.
  private let luck: Luck?
  /// Of one by itself.
  private let spread: JSONValue

  init(_ luck: Luck, names: ConfigurationNaming) {
    metric = luck.set.metric
    configurations = luck.set.members.map { names($0.configuration) }
    unit = luck.set.unit
    missing = luck.set.missing.runs
    byCollapse = luck.rest.shareByCollapse
    bySeed = luck.rest.seeds.flatMap { Self.seeds($0.variance, of: names($0.configuration)) }
    sentences = LuckSentences(luck, names: names).all
    self.luck = luck
    spread = .null
  }

  init(_ alone: LoneLuck, names: ConfigurationNaming) {
    let name = names(alone.runs.configuration)
    metric = alone.metric
    configurations = [name]
    unit = .run
    missing = alone.runs.counts.missing
    byCollapse = alone.shareByCollapse
    bySeed = alone.seeds.map { Self.seeds($0, of: name) } ?? []
    sentences = LoneLuckSentences(alone, names: names).all
    luck = nil
    spread = [
      "runs": .int(alone.sample.count), "sd": JSONValue(alone.standardDeviation),
      "min": JSONValue(alone.sample.minimum), "max": JSONValue(alone.sample.maximum),
    ]
  }

  var json: JSONValue {
    [
      "metric": .string(metric.rawValue),
      "configurations": .array(configurations.map(JSONValue.string)),
      "unit": .string(unit.rawValue),
      "missing_runs": .int(missing),
      "spread": spread,
      "share_explained": Self.share(luck?.explained),
      "share_explained_without_outermost": Self.share(luck?.explainedWithoutOutermost),
      "risk": .array((luck?.risk?.steps ?? []).map(Self.step)),
      "risk_at_one_seed": luck?.bySeed.map(Self.bySeed) ?? .null,
      "seeds_until_right": JSONValue(luck?.risk?.seedsUntilRight),
      "seeds_until_settled": JSONValue(luck?.risk?.seedsUntilSettled),
      "beats": .array((luck?.beats ?? []).map(beats)),
      "best_of": .array(
        (luck?.best ?? []).enumerated().flatMap { place, budgets in
          budgets.map { best(name(place), $0) }
        }),
      "best": luck?.risk.map { name($0.best) } ?? .null,
      "not_told_apart": .array((luck?.risk?.notToldApart ?? []).map(name)),
      "collapsed": [
        "share_explained": Self.share(luck?.collapse),
        "share_explained_without_outermost": Self.share(luck?.collapseWithoutOutermost),
      ],
      "luck_by_collapse": JSONValue(byCollapse),
      "luck_by_seed": .array(bySeed),
      "sentences": .array(sentences.map(JSONValue.string)),
    ]
  }

  private func name(_ place: Int) -> JSONValue {
    .string(configurations[place])
  }

  private static func share(_ share: ShareExplained?) -> JSONValue {
    ["value": JSONValue(share?.value), "ci95": share?.interval?.json ?? .null]
  }

  private static func step(_ step: ChoiceRisk.Step) -> JSONValue {
    [
      "k": .int(step.k), "wrong_choice": JSONValue(step.wrong), "cost": JSONValue(step.cost),
      "with_replacement": .bool(step.withReplacement), "draws": JSONValue(step.draws),
    ]
  }

  private static func bySeed(_ choice: ChoiceBySeed) -> JSONValue {
    [
      "seeds": .int(choice.seeds), "wrong_choice": JSONValue(choice.wrong),
      "cost": JSONValue(choice.cost),
    ]
  }

  private func beats(_ pair: RunBeatsRun) -> JSONValue {
    [
      "a": name(pair.first), "b": name(pair.second), "probability": JSONValue(pair.probability),
      "ci95": pair.interval?.json ?? .null,
    ]
  }

  private func best(_ name: JSONValue, _ best: BestOfRuns) -> JSONValue {
    [
      "configuration": name, "k": .int(best.k), "expected": JSONValue(best.expected),
      "ci95": best.interval?.json ?? .null,
    ]
  }

  private static func seeds(_ variance: SeedVariance, of name: String) -> [JSONValue] {
    variance.sources.map { source in
      [
        "configuration": .string(name),
        "seeds": .array(source.factors.map { .string($0.rawValue) }),
        "share": JSONValue(source.metric?.value),
        "ci95": source.metric?.interval?.json ?? .null,
      ]
    }
  }
}
