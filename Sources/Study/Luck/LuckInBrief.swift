package import Sweep
import VAE

/// The two figures of one set of comparable configurations that stand under a summary.
package struct LuckInBrief: Sendable {
  package let set: ComparableSet
  package let explained: ShareExplained?
  /// How often a choice by one run of each is wrong.
  package let wrongByOneRun: Double?
  package let hasRareMode: Bool

  /// Of every set; none where no value of the metric is better than another.
  package static func all(
    _ configurations: [ConfigurationRuns], metric: Metric = .testTotalLast5,
    collapseThreshold: Double = Sweep.collapseThreshold,
    resampling: Resampling = .percentiles
  ) -> [LuckInBrief] {
    if case .none = metric.direction { return [] }
    return ComparableSet.all(configurations, metric: metric).sets.map {
      LuckInBrief($0, collapseThreshold: collapseThreshold, resampling: resampling)
    }
  }

  init(_ set: ComparableSet, collapseThreshold: Double, resampling: Resampling) {
    self.set = set
    hasRareMode = set.hasRareMode(collapseThreshold: collapseThreshold)
    explained = ShareExplained(set.members.map(\.sample), resampling: resampling)
    wrongByOneRun = ChoiceRisk.wrongByOneRun(set.oriented)
  }
}
