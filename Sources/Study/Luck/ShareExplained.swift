import Platform

/// How much of the variance of single runs goes with the configuration: B / (B + W).
///
/// W is the mean of the variances within configurations (each with n − 1), B what the variance of
/// their means has beyond luck: max(0, variance of the means (with K − 1) − mean of sᵢ²/nᵢ). The
/// configurations are those that were chosen, not a sample of architectures: the share is about them
/// and no others.
package struct ShareExplained: Hashable, Sendable {
  package let value: Double
  /// Percentiles over resamples of runs within configurations, reaching to the share itself; see
  /// ``SimulatedCoverage``.
  package let interval: Interval?

  /// Nil below two configurations, where one has fewer than two values, and where nothing varies.
  package init?(_ samples: [Sample], resampling: Resampling = .percentiles) {
    guard samples.count >= 2, samples.allSatisfy({ $0.count >= 2 }),
      let value = Self.share(samples.map(RunMoments.init))
    else { return nil }
    self.value = value
    interval = Self.bootstrap(samples, resampling)?.reaching(value)
  }

  private static func bootstrap(_ samples: [Sample], _ resampling: Resampling) -> Interval? {
    let centred = samples.map { sample in
      let mean = sample.mean ?? 0
      return (mean: mean, values: sample.values.map { $0 - mean })
    }
    // A replicate has a stream of its own, wherever it is drawn.
    let shares = stride(from: 0, to: resampling.replicates, by: replicatesAtOnce).map { $0 }
      .concurrentMap { first in
        let replicates = first..<min(first + replicatesAtOnce, resampling.replicates)
        return replicates.compactMap { share(drawn(centred, $0, resampling)) }
      }.flatMap(\.self)
    guard 2 * shares.count >= resampling.replicates else { return nil }
    return .percentiles(of: shares)
  }

  private static let replicatesAtOnce = 256

  /// What one replicate draws of each configuration.
  private static func drawn(
    _ centred: [(mean: Double, values: [Double])], _ replicate: Int, _ resampling: Resampling
  ) -> [RunMoments] {
    var stream = ResamplingStream(seed: resampling.seed, replicate: replicate)
    return centred.map { own in
      own.values.withUnsafeBufferPointer { values in
        var (sum, squares) = (0.0, 0.0)
        for _ in values.indices {
          let value = values[stream.below(values.count)]
          sum += value
          squares += value * value
        }
        return RunMoments(n: Double(values.count), origin: own.mean, sum: sum, squares: squares)
      }
    }
  }

  private static func share(_ moments: [RunMoments]) -> Double? {
    let count = Double(moments.count)
    let grand = moments.reduce(0) { $0 + $1.mean } / count
    var (means, within, error) = (0.0, 0.0, 0.0)
    for own in moments {
      means += (own.mean - grand) * (own.mean - grand)
      within += own.variance
      error += own.variance / own.n
    }
    let between = max(0, means / (count - 1) - error / count)
    let total = between + within / count
    return total > 0 ? between / total : nil
  }
}

/// Mean and variance of the runs of one configuration, from sums about an origin among them.
private struct RunMoments {
  let n: Double
  let mean: Double
  /// With n − 1.
  let variance: Double

  init(_ sample: Sample) {
    n = Double(sample.count)
    mean = sample.mean ?? 0
    let deviation = sample.standardDeviation ?? 0
    variance = deviation * deviation
  }

  init(n: Double, origin: Double, sum: Double, squares: Double) {
    self.n = n
    mean = origin + sum / n
    variance = max(0, squares - sum * sum / n) / (n - 1)
  }
}
