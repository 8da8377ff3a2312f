package import Sweep
import VAE

/// How much is architecture and how much luck, for every configuration of a study.
package struct LuckAnswer: Sendable {
  /// Of every set of comparable configurations.
  package let luck: [Luck]
  /// Of those that no other can be held against: whose seeds were varied apart, and all where no two
  /// can be compared.
  package let alone: [LoneLuck]
  /// All others.
  package let left: [ComparableSet.LeftOut]

  /// - Throws: Where no value of the metric is better than another.
  package init(
    _ configurations: [ConfigurationRuns], metric: Metric = .testTotalLast5,
    collapseThreshold: Double = Sweep.collapseThreshold, resampling: Resampling = .percentiles
  ) throws(NotComparable) {
    if case .none(let reason) = metric.direction {
      throw NotComparable(description: "\(metric.rawValue) has no better and no worse: \(reason)")
    }
    let found = ComparableSet.all(configurations, metric: metric)
    luck = Luck.all(found.sets, collapseThreshold: collapseThreshold, resampling: resampling)
    var alone: [LoneLuck] = []
    left = found.left.filter { own in
      guard own.isAlone,
        let runs = configurations.first(where: { $0.configuration == own.configuration }),
        let lone = LoneLuck(
          runs, metric: metric, reason: configurations.count > 1 ? own.reason : nil,
          collapseThreshold: collapseThreshold, resampling: resampling),
        lone.seeds != nil || found.sets.isEmpty
      else { return true }
      alone.append(lone)
      return false
    }
    self.alone = alone
  }
}
