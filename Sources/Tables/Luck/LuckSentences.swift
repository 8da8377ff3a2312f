package import Study
import Sweep
import VAE

/// The answer for one set of configurations in words that are read once.
package struct LuckSentences {
  private let luck: Luck
  private let names: ConfigurationNaming

  package init(_ luck: Luck, names: ConfigurationNaming) {
    self.luck = luck
    self.names = names
  }

  /// What the figures are about: `9 configurations with sampling, 20 to 50 runs each`.
  package var about: String {
    let counts = luck.set.members.map(\.sample.count)
    let (least, most) = (counts.min() ?? 0, counts.max() ?? 0)
    let each = (least == most ? "\(least)" : "\(least) to \(most)") + " \(unit.many) each"
    return "\(luck.set.members.count) configurations \(luck.set.kind), \(each)"
      + (unit.meaning.map { " (\($0))" } ?? "") + missing
      + "; \(luck.set.metric.withUnit), \(better) is better"
  }

  private var missing: String {
    let (runs, planned) = luck.set.missing
    return runs > 0 ? ", \(runs) of \(planned.of("run")) still missing" : ""
  }

  /// The answer first, then what it rests on.
  package var all: [String] { answer + beside }

  /// Three sentences at most: the share, the risk, and the seeds that make a choice right.
  package var answer: [String] { [share, risk, seeds].compactMap(\.self) }

  private var better: String { luck.set.isHigherBetter ? "higher" : "lower" }

  private var unit: ComparableSet.Unit { luck.set.unit }

  private func name(_ place: Int) -> String { names(luck.set.members[place].configuration) }

  private func name(_ places: [Int]) -> String { places.map(name).joined(separator: " and ") }

  private var share: String? {
    guard let explained = luck.explained else {
      return "No \(unit.one) differs from another: there is nothing to explain."
    }
    let without = luck.explainedWithoutOutermost.map {
      " Without the outermost \(unit.one) of each the configuration explains \($0.value.percent)."
    }
    return "The configuration\(luck.set.axes) explains \(explained.figure) of the variance of "
      + "\(unit.single), the luck of the seeds \((1 - explained.value).percent)\(loudest); such an "
      + "interval held in as little as \(held.words(" of simulations", luck.hasRareMode, luck.set)), not "
      + "95 %." + (without ?? "")
  }

  /// That the luck is that of one configuration; empty where it is not.
  private var loudest: String {
    guard let explained = luck.explained, explained.value < 1, let loudest = luck.set.loudest else {
      return ""
    }
    let part = loudest.part < 0.999_5 ? loudest.part.percent : "nearly all"
    return ", of which \(part) is that of \(name(loudest.place)) alone"
  }

  /// The nearest simulation.
  private var held: SimulatedCoverage.OfShare {
    SimulatedCoverage.ofShare(
      configurations: luck.set.members.count, runs: luck.set.fewestValues)
  }

  /// What wrong choices cost: in each of them, and over all choices.
  private func loss(_ cost: Double, wrong: Double) -> String {
    "and then loses \((cost / wrong).figure)\(luck.set.metric.suffix) on average "
      + "(\(cost.figure) over all choices)"
  }

  /// Those whose mean is the best: one, unless several are equal.
  private func best(_ risk: ChoiceRisk) -> [Int] {
    let mean = luck.set.members[risk.best].sample.mean
    return luck.set.members.indices.filter { luck.set.members[$0].sample.mean == mean }
  }

  private var risk: String? {
    guard let risk = luck.risk, let step = risk.steps.first else { return nil }
    let best = best(risk)
    guard step.wrong > 0 else {
      guard best.count < luck.set.members.count else {
        return "\(name(best)) do equally well: no choice between them is wrong."
      }
      return "Of these \(unit.many) one of each always shows \(isBest(best))" + unseen(best[0])
        + "."
    }
    let who = unit == .run ? "Who trains each once" : "Who has one \(unit.one) of each"
    return
      "\(who) and takes the best misses \(isBest(best)) on average, in \(step.wrong.percent) of "
      + "cases, \(loss(step.cost, wrong: step.wrong))."
  }

  private func isBest(_ places: [Int]) -> String {
    places.count == 1
      ? "\(name(places)), the best" : "one of \(name(places)), which are equally the best"
  }

  /// What risk so few values leave open where none is seen: that the best loses to another.
  private func unseen(_ best: Int) -> String {
    let losing = luck.beats.compactMap { pair -> Double? in
      guard let interval = pair.interval else { return nil }
      if pair.first == best { return 1 - interval.lower }
      return pair.second == best ? interval.upper : nil
    }
    guard let most = losing.max(), most > 0 else { return "" }
    return "; the 95 % intervals of who beats whom still allow that it loses to another in "
      + "\(most.percent) of cases"
  }

  private var seeds: String? {
    guard let risk = luck.risk, risk.steps.first.map({ $0.wrong > 0 }) == true else { return nil }
    guard let right = risk.seedsUntilRight else {
      return
        "With \(ChoiceRisk.maxSeeds) \(unit.many) of each the choice is still wrong in more than "
        + "\(ChoiceRisk.accepted.percent) of cases (drawn with replacement: there are "
        + "\(luck.set.fewestValues.of("value")) of some)."
    }
    let more = relapse(risk)
    guard right > 1 else { return more.map { "By \($0)\(supposing(risk))." } }
    return "With \(right) \(unit.many) of each it is right in at least "
      + "\((1 - ChoiceRisk.accepted).percent)\(replaced(right, risk))"
      + (more.map { "; by \($0)" } ?? "") + supposing(risk) + "."
  }

  /// What the seeds until right rest on where the best is not told apart; else empty.
  private func supposing(_ risk: ChoiceRisk) -> String {
    let (count, others) = (risk.notToldApart.count, luck.set.members.count - 1)
    guard count > 0 else { return "" }
    let which =
      others == 1
      ? "the other" : "\(count == others ? "any" : count == 1 ? "one" : "\(count)") of the others"
    return
      ", if the means lie as those of these \(unit.many), which do not tell \(which) apart from the "
      + "best"
  }

  /// That the choice goes wrong again by more runs; nil where it does not.
  private func relapse(_ risk: ChoiceRisk) -> String? {
    guard let worst = risk.relapse else { return nil }
    let end =
      risk.seedsUntilSettled.map {
        "from \($0) on it is right in at least \((1 - ChoiceRisk.accepted).percent)"
          + replaced($0, risk)
      } ?? "with \(ChoiceRisk.maxSeeds) it is not right yet"
    return
      "the mean of more it is wrong again, in \(worst.wrong.percent) of cases at \(worst.k), since a "
      + "\(unit.one) that lies far off weighs on a mean, and \(end)"
  }

  private func replaced(_ k: Int, _ risk: ChoiceRisk) -> String {
    risk.steps.first { $0.k == k }?.withReplacement == true
      ? " (drawn with replacement: there are fewer than twice as many)" : ""
  }

  private func notToldApart(_ risk: ChoiceRisk) -> String {
    guard !risk.notToldApart.isEmpty else { return "" }
    // All of them stand in the JSON.
    return "Not told apart from \(name(risk.best)) (Welch's 95 % interval holds 0): "
      + risk.notToldApart.map(name).listed + ". "
  }

  private var beside: [String] {
    var told: [String] = []
    if let risk = luck.risk {
      told.append(
        notToldApart(risk)
          + "The best is judged by the same \(unit.many), so that the risk is too low where two "
          + "are close.")
    }
    if let choice = luck.bySeed {
      let wrong =
        choice.wrong > 0
        ? "wrong in \(choice.wrong.percent) of cases, \(loss(choice.cost, wrong: choice.wrong))"
        : "never wrong"
      told.append(
        "The runs of each are drawn by themselves, as with seeds of its own. With one seed for all, of "
          + "the \(choice.seeds) that all have, the choice is \(wrong): variants of one architecture "
          + "move together at a seed (vaesweep compare pairs them).")
    }
    if let collapse = luck.collapse {
      let without = luck.collapseWithoutOutermost.map {
        "; \($0.value.percent) without the outermost \(unit.one) of each"
      }
      told.append(
        "Of the variance of the number of collapsed latents it explains \(collapse.figure)"
          + "\(without ?? "").")
    }
    if let share = luck.rest.shareByCollapse, share > 0 {
      told.append(
        "Of the luck in \(luck.set.metric.rawValue), about \(share.percent) goes with how many latents "
          + "collapsed (corrected for how many numbers occur).")
    }
    told += luck.rest.seeds.flatMap { seeds($0.variance, of: names($0.configuration)) }
    told.append(coverage)
    told.append(
      "The configurations are those that were chosen, not a sample of architectures: the share is "
        + "about them alone.")
    for member in luck.set.members {
      told += member.cautions.map { "\(names(member.configuration)): \($0)." }
    }
    return told
  }

  private var coverage: String {
    let best = SimulatedCoverage.ofBest(runs: luck.set.fewestValues)
    return
      "The interval of the share is too narrow, and above 0 too often where nothing differs: in "
      + "simulations of \(held.configurations) configurations with \(held.runs) runs each, the nearest "
      + "that were made, it held in as little as \(held.plain.percent) of cases\(rareMode). It is made "
      + "of percentiles over \(luck.resampling.replicates.grouped) resamples of \(unit.many), and "
      + "reaches to the share itself where they do not. The interval of the best of k held in "
      + "\(best.three.percent) at k = 3, and in \(best.all.percent) where k is all of the "
      + "\(unit.many)."
  }

  private var rareMode: String {
    let share = held.rareMode.percent
    return luck.hasRareMode
      ? " without a rare mode, and in \(share) with one, as some of these have"
      : ", and in \(share) where a rare mode was among them"
  }

  private func seeds(_ variance: SeedVariance, of name: String) -> [String] {
    variance.sources.compactMap { source in
      guard let share = source.metric else { return nil }
      return
        "In \(name), \(share.figure) of the luck\(unit == .run ? "" : " of single runs") goes with "
        + "\(source.name)."
    }
  }
}

extension SimulatedCoverage.OfShare {
  /// `67 % of simulations, 18 % with a rare mode`: both where so few runs can't show whether there is one.
  fileprivate func words(_ unit: String, _ hasRareMode: Bool, _ set: ComparableSet) -> String {
    let own = (hasRareMode ? min(plain, rareMode) : plain).percent + unit
    let isOpen = !hasRareMode && set.fewestValues < SimulatedCoverage.fewestToShowModes
    return isOpen ? "\(own), \(rareMode.percent) with a rare mode" : own
  }
}

extension LuckInBrief {
  /// One line under a summary; nil where no run differs from another.
  package var line: String? {
    guard let explained else { return nil }
    let covered = SimulatedCoverage.ofShare(
      configurations: set.members.count, runs: set.fewestValues)
    let stopped = set.members.contains(where: \.isStopped) ? ["a spread was stopped on"] : []
    let held =
      set.members.contains { !$0.runs.heldSeeds.isEmpty }
      ? ["a seed that is held fixed counts as no luck"] : []
    let cautions =
      [
        "in simulations such an interval held in as little as "
          + "\(covered.words("", hasRareMode, set)), not 95 %"
          + (hasRareMode ? ": there is a rare mode" : "")
      ]
      + (set.unit.meaning.map { [$0] } ?? []) + stopped + held
    return
      "architecture or luck, \(set.members.count) configurations \(set.kind): the configuration"
      + "\(set.axes) explains \(explained.figure) of the variance of \(set.unit.single)"
      + (wrongByOneRun.map {
        "; a choice by one \(set.unit.one) of each is wrong in \($0.percent) of cases"
      } ?? "") + " (\(cautions.joined(separator: "; ")))"
  }
}
