package import Sweep
import VAE

/// The luck of a configuration that no other can be held against.
///
/// Nothing of what its runs show goes with an architecture. Where its seeds were varied apart, the rest
/// is split further.
package struct LoneLuck: Sendable {
  package let metric: Metric
  package let runs: ConfigurationRuns
  /// Why it is in no comparison; nil where there is no other configuration.
  package let reason: String?
  /// Of every single run, whatever seeds they share.
  package let sample: Sample
  /// Nil where the seeds were varied together.
  package let seeds: SeedVariance?
  /// As ``RestOfVariance/shareByCollapse``; nil where runs share seeds, which would count for more than
  /// they are, and below ten runs.
  package let shareByCollapse: Double?
  /// The runs by the seed that was varied apart, or the first of several; empty where there is none.
  package let levels: [Level]

  package struct Level: Hashable, Sendable {
    package let factor: SeedFactor
    package let seed: UInt32
    package let sample: Sample
  }

  private static let fewestForCollapse = 10
  /// Below this many levels of a crossed seed its share says little.
  private static let fewestCrossed = 10

  /// Nil where fewer than three runs have a value.
  init?(
    _ runs: ConfigurationRuns, metric: Metric, reason: String?, collapseThreshold: Double,
    resampling: Resampling
  ) {
    sample = runs.sample(metric)
    guard sample.count >= ComparableSet.fewestRuns else { return nil }
    self.metric = metric
    self.runs = runs
    self.reason = reason
    seeds = SeedVariance(
      runs, metric: metric, collapseThreshold: collapseThreshold, resampling: resampling)
    let isIndependent = runs.standing == .runs && sample.count >= Self.fewestForCollapse
    shareByCollapse =
      isIndependent
      ? runs.variance(of: metric, collapseThreshold: collapseThreshold)
        .flatMap { RestOfVariance.share([$0]) } : nil
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

  /// The sd of a run with seeds of its own; nil where none differs.
  ///
  /// In a nested design by its components: runs that share a seed lie closer together than others.
  package var standardDeviation: Double? {
    guard let plain = sample.standardDeviation, plain > 0 else { return nil }
    guard case .nested = seeds?.design,
      let whole = VarianceComponent.wholeVariance(levels.map(\.sample.values))
    else { return plain }
    return whole.squareRoot()
  }

  /// What a reader must know of these figures; empty where there is nothing.
  package var cautions: [String] {
    var told = seeds?.notes ?? []
    if case .crossed(_, let counts) = seeds?.design, let fewest = counts.min() {
      let little = fewest < Self.fewestCrossed ? ": so few levels say little" : ""
      told.append(
        "\(counts.map { "\($0)" }.joined(separator: " × ")) seeds, each with each, so that no run is "
          + "independent of another and no share has an interval\(little)")
    }
    if seeds == nil, runs.fingerprints.count > 1 {
      told.append("\(runs.fingerprints.count) fingerprints: machines may differ too")
    }
    if sample.count < Sample.fewestForInterval {
      told.append("\(sample.count) runs, of which little can be said")
    }
    // The notes of a design have the runs that ended badly.
    let badLuck = seeds == nil ? runs.badLuck : nil
    return told + [runs.stoppedSpread, runs.heldLuck, badLuck].compactMap(\.self)
  }
}
