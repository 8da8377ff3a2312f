package import Sweep
import VAE

/// The luck of a configuration that no other can be held against.
///
/// Nothing of what its runs show goes with an architecture. Where its seeds were varied apart, the rest
/// is split further.
package struct LoneLuck: Sendable {
  package let metric: Metric
  package let runs: ConfigurationRuns
  /// Of every single run, whatever seeds they share.
  package let sample: Sample
  /// Nil where the seeds were varied together.
  package let seeds: SeedVariance?
  /// As ``RestOfVariance/shareByCollapse``.
  package let shareByCollapse: Double?
  /// The runs by the seed that was varied apart, or the first of several; empty where there is none.
  package let levels: [Level]

  /// What a reader must know of these figures; empty where there is nothing.
  package var cautions: [String] {
    (seeds?.notes ?? []).map { "of the design: \($0)" } + runs.missingLuck
  }

  package struct Level: Hashable, Sendable {
    package let factor: SeedFactor
    package let seed: UInt32
    package let sample: Sample
  }

  /// Nil where fewer than three runs have a value.
  init?(
    _ runs: ConfigurationRuns, metric: Metric, collapseThreshold: Double, resampling: Resampling
  ) {
    sample = runs.sample(metric)
    guard sample.count >= ComparableSet.fewestRuns else { return nil }
    self.metric = metric
    self.runs = runs
    seeds = SeedVariance(
      runs, metric: metric, collapseThreshold: collapseThreshold, resampling: resampling)
    shareByCollapse = runs.variance(of: metric, collapseThreshold: collapseThreshold)
      .flatMap { RestOfVariance.share([$0]) }
    levels = seeds.map { Self.levels(of: runs, metric, by: $0.design) } ?? []
  }

  private static func levels(
    of runs: ConfigurationRuns, _ metric: Metric, by design: SeedVariance.Design
  ) -> [Level] {
    let factor: SeedFactor
    switch design {
    case .nested(let own, _, _): factor = own
    case .crossed(let factors, _): factor = factors[0]
    }
    let values = Dictionary(grouping: runs.values(metric)) { factor.level(of: $0.seeds) }
    return values.sorted { $0.key < $1.key }.map { seed, own in
      Level(factor: factor, seed: seed, sample: Sample(own.map(\.value)))
    }
  }
}
