package import Sweep
import VAE

/// How much of the variance goes with one seed, in a nested design: levels of that seed, and under
/// each of them fresh redraws of the others.
///
/// The share is the covariance of two runs that have the level in common, over the variance: the
/// intraclass correlation of one-way random effects, (MSB − MSW) / (MSB + (k − 1) MSW) with k the
/// redraws per level ((N − Σ kᵢ² / N) / (levels − 1) where they differ; Searle, Casella & McCulloch
/// 1992, section 3.6). It is not truncated: one below zero is what chance gives where there is
/// nothing, and cutting it off would bias the mean.
package struct VarianceComponent: Hashable, Sendable {
  /// Below this many levels, or redraws per level, the share is not to be trusted: its interval
  /// covers too little.
  package static let fewestLevels = 30
  package static let fewestRedraws = 5

  package let levels: Int
  /// The fewest redraws of any level.
  package let redraws: Int
  package let share: Double
  /// Percentiles of the share over resamples of whole levels, reaching to the share itself; nil where too
  /// few of them vary.
  package let interval: Interval?
  /// Searle's interval, exact where levels and redraws are normal; nil unless every level has as many
  /// redraws.
  package let exactInterval: Interval?
  package let isTooSmall: Bool

  /// `groups` are the values of each level; nil below two levels, where no level was redrawn, and
  /// where nothing varies.
  package init?(_ groups: [[Double]], resampling: Resampling = .percentiles) {
    let levels = groups.filter { !$0.isEmpty }.map { LevelSums(Sample($0)) }
    guard let share = LevelSums.share(levels) else { return nil }
    self.levels = levels.count
    redraws = levels.map { Int($0.n) }.min() ?? 0
    self.share = share
    interval = Self.bootstrap(levels, resampling)?.reaching(share)
    exactInterval = Self.exact(levels)
    isTooSmall = levels.count < Self.fewestLevels || redraws < Self.fewestRedraws
  }

  /// From F = MSB / MSW with a − 1 and a (k − 1) degrees of freedom: (F/f − 1) / (F/f + k − 1) for f
  /// the quantiles of F at both tails (Searle, Casella & McCulloch 1992, section 3.6).
  private static func exact(_ levels: [LevelSums]) -> Interval? {
    guard let first = levels.first, first.n >= 2, levels.allSatisfy({ $0.n == first.n }),
      let ratio = LevelSums.meanSquares(levels), ratio.within > 0,
      let distribution = FisherF(
        numerator: Double(levels.count - 1), denominator: Double(levels.count) * (first.n - 1))
    else { return nil }
    func share(_ probability: Double) -> Double {
      let scaled = ratio.between / ratio.within / distribution.quantile(probability)
      return (scaled - 1) / (scaled + first.n - 1)
    }
    return Interval(share(0.5 + confidence / 2), share(0.5 - confidence / 2))
  }

  /// The variance of a run with a level and redraws of its own, σ² between and within levels together; nil
  /// where levels or redraws are too few for it, or redraws alike.
  static func wholeVariance(_ groups: [[Double]]) -> Double? {
    let levels = groups.filter { !$0.isEmpty }.map { LevelSums(Sample($0)) }
    guard let squares = LevelSums.meanSquares(levels), squares.within > 0 else { return nil }
    return (squares.between + (squares.redraws - 1) * squares.within) / squares.redraws
  }

  private static func bootstrap(_ levels: [LevelSums], _ resampling: Resampling) -> Interval? {
    var shares: [Double] = []
    for replicate in 0..<resampling.replicates {
      var stream = ResamplingStream(seed: resampling.seed, replicate: replicate)
      let drawn = levels.map { _ in levels[stream.below(levels.count)] }
      if let share = LevelSums.share(drawn) { shares.append(share) }
    }
    guard shares.count >= 1_000, shares.count >= resampling.replicates / 2 else { return nil }
    return .percentiles(of: shares)
  }
}

extension VarianceComponent {
  /// The share of `factor` in the variance of `value` over `runs`.
  ///
  /// Nil where the design is not nested (redraws that recur under several levels cross the factors,
  /// and their own effects would pass for noise), and for the noise seed without sampling, where
  /// there is no noise.
  package init?(
    of factor: SeedFactor, in runs: ConfigurationRuns, resampling: Resampling = .percentiles,
    value: (Run) -> Double?
  ) {
    guard runs.seedFactors.contains(factor) else { return nil }
    var groups: [UInt32: [Double]] = [:]
    var owners: [[UInt32]: UInt32] = [:]
    for run in runs.runs {
      let level = factor.level(of: run.seeds)
      let redraw = factor.others(of: run.seeds)
      guard owners[redraw, default: level] == level else { return nil }
      owners[redraw] = level
      if let value = value(run) { groups[level, default: []].append(value) }
    }
    self.init(groups.sorted { $0.key < $1.key }.map(\.value), resampling: resampling)
  }
}

/// What the analysis of variance needs of one level.
private struct LevelSums {
  let n: Double
  let mean: Double
  /// Squared distances from the level's own mean.
  let squares: Double

  init(_ sample: Sample) {
    let mean = sample.mean ?? 0
    n = Double(sample.count)
    self.mean = mean
    squares = sample.values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
  }

  /// The intraclass correlation; nil where it is not defined.
  static func share(_ levels: [LevelSums]) -> Double? {
    guard let squares = meanSquares(levels) else { return nil }
    let variance = squares.between + (squares.redraws - 1) * squares.within
    return variance > 0 ? (squares.between - squares.within) / variance : nil
  }

  /// Between and within levels, with the redraws per level; nil below two levels and where no level
  /// was redrawn.
  static func meanSquares(
    _ levels: [LevelSums]
  ) -> (between: Double, within: Double, redraws: Double)? {
    var (total, sum, counts) = (0.0, 0.0, 0.0)
    for level in levels {
      total += level.n
      sum += level.n * level.mean
      counts += level.n * level.n
    }
    let groups = Double(levels.count)
    guard groups >= 2, total > groups else { return nil }
    let mean = sum / total
    var (between, within) = (0.0, 0.0)
    for level in levels {
      between += level.n * (level.mean - mean) * (level.mean - mean)
      within += level.squares
    }
    return (
      between / (groups - 1), within / (total - groups), (total - counts / total) / (groups - 1)
    )
  }
}
