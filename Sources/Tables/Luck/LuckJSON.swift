import Study
import Sweep
import VAE

/// One set of comparable configurations as `luck --format json` prints it, or one configuration that
/// no other can be held against: without what takes two.
struct LuckJSON {
  private let luck: Luck?
  private let alone: LoneLuck?
  private let names: ConfigurationNaming

  init(_ luck: Luck, names: ConfigurationNaming) {
    (self.luck, alone, self.names) = (luck, nil, names)
  }

  init(_ alone: LoneLuck, names: ConfigurationNaming) {
    (luck, self.alone, self.names) = (nil, alone, names)
  }

  var json: JSONValue {
    [
      "metric": .string((luck?.set.metric ?? alone?.metric)?.rawValue ?? ""),
      "configurations": .array(configurations.map(JSONValue.string)),
      "unit": .string((luck?.set.unit ?? .run).rawValue),
      "missing_runs": .int(luck?.set.missing.runs ?? alone?.runs.counts.missing ?? 0),
      "spread": alone.map(Self.spread) ?? .null,
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
      "luck_by_collapse": JSONValue(luck?.rest.shareByCollapse ?? alone?.shareByCollapse),
      "luck_by_seed": .array(bySeed),
      "sentences": .array(sentences.map(JSONValue.string)),
    ]
  }

  private var configurations: [String] {
    luck?.set.members.map { names($0.configuration) } ?? alone.map {
      [names($0.runs.configuration)]
    }
      ?? []
  }

  private var sentences: [String] {
    luck.map { LuckSentences($0, names: names).all }
      ?? alone.map { LoneLuckSentences($0, names: names).all } ?? []
  }

  private var bySeed: [JSONValue] {
    let designs =
      luck?.rest.seeds ?? alone.flatMap { own in own.seeds.map { [(own.runs.configuration, $0)] } }
      ?? []
    return designs.flatMap { Self.seeds($0.variance, of: names($0.configuration)) }
  }

  private static func spread(_ alone: LoneLuck) -> JSONValue {
    [
      "runs": .int(alone.sample.count), "sd": JSONValue(alone.standardDeviation),
      "min": JSONValue(alone.sample.minimum), "max": JSONValue(alone.sample.maximum),
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
