import Sweep
package import VAE

/// What the part of the variance that is luck goes with, as far as the runs tell.
package struct RestOfVariance: Sendable {
  /// Of the luck within configurations, the part that goes with how many latents collapsed.
  ///
  /// Epsilon squared (Kelley 1935), 1 − (within modes) / (within configurations), each sum of squares
  /// over its degrees of freedom and never below 0: modes of one run each would explain all of it
  /// otherwise. Nil without sampling, where nothing varies, where every mode is one run, and where runs
  /// share seeds.
  package let shareByCollapse: Double?
  /// Of each configuration whose seeds were varied apart, what its seeds make.
  package let seeds: [(configuration: Configuration, variance: SeedVariance)]

  init(
    _ set: ComparableSet, collapseThreshold: Double, resampling: Resampling
  ) {
    let byCollapse = set.members.compactMap {
      $0.runs.variance(of: set.metric, collapseThreshold: collapseThreshold)
    }
    // Runs that share a seed would count for more than they are.
    let isTold = set.unit == .run && byCollapse.count == set.members.count
    shareByCollapse = isTold ? Self.share(byCollapse) : nil
    seeds = set.members.compactMap { member in
      SeedVariance(
        member.runs, metric: set.metric, collapseThreshold: collapseThreshold,
        resampling: resampling
      ).map { (member.configuration, $0) }
    }
  }

  static func share(_ configurations: [VarianceByCollapse]) -> Double? {
    var (within, total, inModes, inAll) = (0.0, 0.0, 0, 0)
    for own in configurations {
      let runs = own.modes.reduce(0) { $0 + $1.sample.count }
      within += own.within * Double(runs - 1)
      total += (own.between + own.within) * Double(runs - 1)
      inModes += runs - own.modes.count
      inAll += runs - 1
    }
    guard inModes > 0, total > 0 else { return nil }
    return max(0, 1 - within / Double(inModes) / (total / Double(inAll)))
  }
}
