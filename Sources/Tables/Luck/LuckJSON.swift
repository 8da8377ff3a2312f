import Study
import Sweep
import VAE

/// One set of comparable configurations as `luck --format json` prints it.
struct LuckJSON {
  let luck: Luck
  let names: ConfigurationNaming

  var json: JSONValue {
    [
      "metric": .string(luck.set.metric.rawValue),
      "configurations": .array(luck.set.members.indices.map(name)),
      "unit": .string(luck.set.unit.rawValue),
      "missing_runs": .int(luck.set.missing.runs),
      "share_explained": Self.share(luck.explained),
      "share_explained_without_outermost": Self.share(luck.explainedWithoutOutermost),
      "risk": .array((luck.risk?.steps ?? []).map(Self.step)),
      "risk_at_one_seed": luck.bySeed.map(Self.bySeed) ?? .null,
      "seeds_until_right": JSONValue(luck.risk?.seedsUntilRight),
      "seeds_until_settled": JSONValue(luck.risk?.seedsUntilSettled),
      "beats": .array(luck.beats.map(beats)),
      "best_of": .array(
        zip(luck.set.members.indices, luck.best).flatMap { place, budgets in
          budgets.map { best(name(place), $0) }
        }),
      "best": luck.risk.map { name($0.best) } ?? .null,
      "not_told_apart": .array((luck.risk?.notToldApart ?? []).map(name)),
      "collapsed": [
        "share_explained": Self.share(luck.collapse),
        "share_explained_without_outermost": Self.share(luck.collapseWithoutOutermost),
      ],
      "luck_by_collapse": JSONValue(luck.rest.shareByCollapse),
      "luck_by_seed": .array(
        luck.rest.seeds.flatMap { Self.seeds($0.variance, of: names($0.configuration)) }),
      "sentences": .array(LuckSentences(luck, names: names).all.map(JSONValue.string)),
    ]
  }

  private func name(_ place: Int) -> JSONValue {
    .string(names(luck.set.members[place].configuration))
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

  /// A configuration that no other can be held against: the members of a set, without what takes two.
  static func json(of luck: LoneLuck, names: ConfigurationNaming) -> JSONValue {
    let name = names(luck.runs.configuration)
    return [
      "metric": .string(luck.metric.rawValue),
      "configurations": [.string(name)],
      "unit": .string(ComparableSet.Unit.run.rawValue),
      "missing_runs": .int(luck.runs.counts.missing),
      "share_explained": share(nil),
      "share_explained_without_outermost": share(nil),
      "risk": [],
      "risk_at_one_seed": .null,
      "seeds_until_right": .null,
      "seeds_until_settled": .null,
      "beats": [],
      "best_of": [],
      "best": .null,
      "not_told_apart": [],
      "collapsed": [
        "share_explained": share(nil), "share_explained_without_outermost": share(nil),
      ],
      "luck_by_collapse": JSONValue(luck.shareByCollapse),
      "luck_by_seed": .array(luck.seeds.map { seeds($0, of: name) } ?? []),
      "sentences": .array(LoneLuckSentences(luck, names: names).all.map(JSONValue.string)),
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
