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
    let runs = least == most ? "\(least) runs each" : "\(least) to \(most) runs each"
    let sampling = luck.set.members[0].configuration.sampling ? "with" : "without"
    return "\(luck.set.members.count) configurations \(sampling) sampling, \(runs); "
      + "\(luck.set.metric.withUnit), \(better) is better"
  }

  /// The answer first, then what it rests on.
  package var all: [String] { answer + beside }

  /// Three sentences at most: the share, the risk, and the seeds that make a choice right.
  package var answer: [String] { [share, risk, seeds].compactMap(\.self) }

  private var better: String { luck.set.isHigherBetter ? "higher" : "lower" }

  private func name(_ place: Int) -> String { names(luck.set.members[place].configuration) }

  private func interval(_ share: ShareExplained) -> String {
    share.interval.map { " [\($0.lower.percent), \($0.upper.percent)]" } ?? ""
  }

  private var share: String? {
    guard let explained = luck.explained else {
      return "No run differs from another: there is nothing to explain."
    }
    let without = luck.explainedWithoutOutermost.map {
      "; \($0.value.percent) without the outermost run of each"
    }
    return "The configuration explains \(explained.value.percent)\(interval(explained)) of the "
      + "variance of single runs, the luck of the seeds \((1 - explained.value).percent)"
      + (without ?? "") + "."
  }

  private var risk: String? {
    guard let risk = luck.risk, let step = risk.steps.first else { return nil }
    guard step.wrong > 0 else {
      let mean = luck.set.members[risk.best].sample.mean
      let tied = luck.set.members.indices.filter { luck.set.members[$0].sample.mean == mean }
      guard tied.count == 1 else {
        return
          "\(tied.map(name).joined(separator: " and ")) do equally well: no choice between them is "
          + "wrong."
      }
      return "One run of each always shows the best, \(name(risk.best))."
    }
    return
      "Who trains each once and takes the best misses \(name(risk.best)), the best on average, "
      + "in \(step.wrong.percent) of cases, which costs \(step.cost.figure)"
      + "\(luck.set.metric.suffix) on average."
  }

  private var seeds: String? {
    guard let risk = luck.risk, risk.steps.first.map({ $0.wrong > 0 }) == true else { return nil }
    guard let right = risk.seedsUntilRight else {
      return "With \(ChoiceRisk.maxSeeds) runs of each the choice is still wrong in more than "
        + "\(ChoiceRisk.accepted.percent) of cases."
    }
    guard right > 1 else { return nil }
    let replaced = risk.steps.first { $0.k == right }?.withReplacement == true
    return "With \(right) runs of each it is right in at least \((1 - ChoiceRisk.accepted).percent)"
      + (replaced ? " (drawn with replacement: there are fewer than twice as many)." : ".")
  }

  private var beside: [String] {
    var told: [String] = []
    if let risk = luck.risk, !risk.notToldApart.isEmpty {
      let tied = risk.notToldApart.map(name)
      told.append(
        "Not told apart from \(name(risk.best)) (Welch's 95 % interval holds 0): "
          + tied.joined(separator: ", ")
          + ". The best is judged by the same runs, so that the risk is too low where two are close."
      )
    }
    if let collapse = luck.collapse {
      let without = luck.collapseWithoutOutermost.map {
        "; \($0.value.percent) without the outermost run of each"
      }
      told.append(
        "Of the variance of the number of collapsed latents it explains \(collapse.value.percent)"
          + "\(interval(collapse))\(without ?? "").")
    }
    if let share = luck.rest.shareByCollapse, share > 0 {
      told.append(
        "Of the luck in \(luck.set.metric.rawValue), \(share.percent) goes with how many latents "
          + "collapsed.")
    }
    told += luck.rest.seeds.flatMap { seeds($0.variance, of: names($0.configuration)) }
    told.append(coverage)
    told.append(
      "The configurations are those that were chosen, not a sample of architectures: the share is "
        + "about them alone.")
    for member in luck.set.members {
      if let caveat = member.caveat {
        told.append(
          "\(names(member.configuration)): \(caveat); the luck of a single run is larger than shown."
        )
      }
    }
    return told
  }

  private var coverage: String {
    let fewest = luck.set.members.map(\.sample.count).min() ?? 0
    let held = ShareExplained.simulatedCoverage(runs: fewest)
    return
      "The interval of the share, percentiles of \(luck.resampling.replicates.grouped) resamples of "
      + "runs, is too narrow: in simulations of as few runs it held in as little as "
      + "\(held.plain.percent) of cases instead of 95 %, under a rare mode in \(held.rareMode.percent); "
      + "that of the best of k held in \(BestOfRuns.simulatedCoverage(runs: fewest).percent) at k = 3."
  }

  private func seeds(_ variance: SeedVariance, of name: String) -> [String] {
    variance.sources.compactMap { source in
      guard let share = source.metric else { return nil }
      let seed = source.factors.map(\.rawValue).joined(separator: " × ")
      let interval = share.interval.map { " [\($0.lower.percent), \($0.upper.percent)]" } ?? ""
      return "In \(name), \(share.value.percent)\(interval) of the luck goes with \(seed)."
    }
  }
}

extension LuckInBrief {
  /// One line under a summary; nil where no run differs from another.
  package var line: String? {
    guard let explained else { return nil }
    let interval = explained.interval.map { " [\($0.lower.percent), \($0.upper.percent)]" } ?? ""
    let sampling = set.members[0].configuration.sampling ? "with" : "without"
    return "architecture or luck, \(set.members.count) configurations \(sampling) sampling: the "
      + "configuration explains \(explained.value.percent)\(interval) of the variance of single runs"
      + (wrongByOneRun.map { "; a choice by one run of each is wrong in \($0.percent) of cases" }
        ?? "")
  }
}

extension Int {
  /// `9,999`.
  fileprivate var grouped: String {
    let digits = String(self)
    var text = ""
    for (place, digit) in digits.enumerated() {
      if place > 0, (digits.count - place) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return text
  }
}
