import Sweep
package import VAE

/// What the part of the variance that is luck goes with, as far as the runs tell.
package struct RestOfVariance: Sendable {
  /// Of the luck within configurations: the part that goes with how many latents collapsed; nil
  /// without sampling and where nothing varies.
  package let shareByCollapse: Double?
  /// Of each configuration whose seeds were varied apart, what its seeds make.
  package let seeds: [(configuration: Configuration, variance: SeedVariance)]

  init(
    _ set: ComparableSet, collapseThreshold: Double, resampling: Resampling
  ) {
    let byCollapse = set.members.compactMap {
      $0.runs.variance(of: set.metric, collapseThreshold: collapseThreshold)
    }
    let between = byCollapse.reduce(0) { $0 + $1.between }
    let within = byCollapse.reduce(0) { $0 + $1.within }
    let total = between + within
    shareByCollapse =
      byCollapse.count == set.members.count && total > 0 ? between / total : nil
    seeds = set.members.compactMap { member in
      SeedVariance(
        member.runs, metric: set.metric, collapseThreshold: collapseThreshold,
        resampling: resampling
      ).map { (member.configuration, $0) }
    }
  }
}
