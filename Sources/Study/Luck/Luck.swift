import Sweep
import VAE

/// How much of what a set of configurations shows is the architecture, and how much is luck.
package struct Luck: Sendable {
  package let set: ComparableSet
  /// Of the metric.
  package let explained: ShareExplained?
  /// The same without the run of each configuration that lies furthest from its median.
  package let explainedWithoutOutermost: ShareExplained?
  /// Of the number of collapsed latents; nil without sampling and where none varies.
  package let collapse: ShareExplained?
  package let collapseWithoutOutermost: ShareExplained?
  package let rest: RestOfVariance
  package let risk: ChoiceRisk?
  package let bySeed: ChoiceBySeed?
  package let beats: [RunBeatsRun]
  /// Of each member.
  package let best: [[BestOfRuns]]
  /// Of some configuration, in the metric.
  package let hasRareMode: Bool
  package let resampling: Resampling

  /// The answer for every set.
  static func all(
    _ sets: [ComparableSet], collapseThreshold: Double, resampling: Resampling
  ) -> [Luck] {
    // What takes longest is spread over the processors by itself: there may be one set of many members.
    var best = BestOfRuns.all(sets.flatMap(\.oriented), resampling: resampling)[...]
    return sets.map { set in
      defer { best = best.dropFirst(set.members.count) }
      return Luck(
        set, Array(best.prefix(set.members.count)), collapseThreshold: collapseThreshold,
        resampling: resampling)
    }
  }

  package init(
    _ set: ComparableSet, collapseThreshold: Double = Sweep.collapseThreshold,
    resampling: Resampling = .percentiles
  ) {
    self.init(
      set, BestOfRuns.all(set.oriented, resampling: resampling),
      collapseThreshold: collapseThreshold, resampling: resampling)
  }

  /// - Parameter best: Of the values as ``ComparableSet/oriented`` has them.
  private init(
    _ set: ComparableSet, _ best: [[BestOfRuns]], collapseThreshold: Double, resampling: Resampling
  ) {
    let oriented = set.oriented
    self.set = set
    self.resampling = resampling
    let samples = set.members.map(\.sample)
    explained = ShareExplained(samples, resampling: resampling)
    explainedWithoutOutermost = ShareExplained(
      samples.map(\.withoutOutermost), resampling: resampling)
    let counts = set.members.compactMap { member in
      member.runs.collapsedUnits(threshold: collapseThreshold)
    }
    let isCounted = counts.count == set.members.count
    collapse = isCounted ? ShareExplained(counts, resampling: resampling) : nil
    collapseWithoutOutermost =
      isCounted ? ShareExplained(counts.map(\.withoutOutermost), resampling: resampling) : nil
    hasRareMode = set.hasRareMode(collapseThreshold: collapseThreshold)
    rest = RestOfVariance(set, collapseThreshold: collapseThreshold, resampling: resampling)
    risk = ChoiceRisk(oriented, seed: resampling.seed)
    bySeed = ChoiceBySeed(set)
    beats = RunBeatsRun.all(oriented)
    self.best = set.isHigherBetter ? best.map { $0.map(\.mirrored) } : best
  }
}

extension ComparableSet {
  package var isHigherBetter: Bool { metric.direction == .higher }

  /// The values with their signs turned where larger ones are better: smaller is better throughout.
  var oriented: [Sample] {
    members.map { member in
      isHigherBetter ? Sample(member.sample.values.map { -$0 }) : member.sample
    }
  }
}

extension BestOfRuns {
  /// The same of values whose signs are turned.
  fileprivate var mirrored: BestOfRuns {
    BestOfRuns(
      k: k, expected: -expected, interval: interval.flatMap { Interval(-$0.upper, -$0.lower) })
  }
}

extension ConfigurationRuns {
  /// The number of collapsed latents of each independent unit; nil without sampling.
  package func collapsedUnits(threshold: Double = collapseThreshold) -> Sample? {
    guard configuration.sampling else { return nil }
    return Sample(
      independentMeans(runs.map { $0.collapsed(threshold: threshold).map(Double.init) }))
  }
}
