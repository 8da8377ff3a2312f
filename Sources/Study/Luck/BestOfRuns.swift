import Dispatch
import Synchronization

/// What the best of k runs of one configuration is expected to be.
///
/// The mean, over all ways to choose k of the n runs without replacement, of the smallest:
/// Σᵢ x₍ᵢ₎ C(n − i, k − 1) / C(n, k), which is unbiased for the expected smallest of k new runs.
package struct BestOfRuns: Hashable, Sendable {
  package let k: Int
  package let expected: Double
  /// Percentiles over resamples of the runs.
  package let interval: Interval?

  /// The budgets that are told of n runs: each up to thirty, then fewer.
  package static func budgets(_ n: Int) -> [Int] {
    guard n > 30 else { return Array(stride(from: 1, through: n, by: 1)) }
    let round = [1, 2, 3, 4, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700, 1_000]
    return round.filter { $0 < n } + [n]
  }

  /// How often the interval of the best of three runs held the truth in simulations of so many normal
  /// values: resamples never go below the smallest run.
  package static func simulatedCoverage(runs n: Int) -> Double {
    switch n {
    case ..<10: 0.63
    case ..<20: 0.77
    default: 0.85
    }
  }

  /// For every budget of each sample, where the smallest value is the best.
  package static func all(
    _ samples: [Sample], resampling: Resampling = .percentiles
  ) -> [[BestOfRuns]] {
    let found = Mutex([Int: [BestOfRuns]]())
    DispatchQueue.concurrentPerform(iterations: samples.count) { place in
      let own = all(samples[place], resampling: resampling)
      found.withLock { $0[place] = own }
    }
    return found.withLock { found in samples.indices.map { found[$0] ?? [] } }
  }

  private static func all(_ sample: Sample, resampling: Resampling) -> [BestOfRuns] {
    let n = sample.count
    let budgets = budgets(n)
    let chances = budgets.map { chancesBeyond(n, $0) }
    let values = sample.values
    let once = [Int](repeating: 1, count: n)
    var figures = budgets.map { _ in [Double]() }
    for replicate in 0..<(n > 1 ? resampling.replicates : 0) {
      var stream = ResamplingStream(seed: resampling.seed, replicate: replicate)
      var counts = [Int](repeating: 0, count: n)
      for _ in 0..<n { counts[stream.below(n)] += 1 }
      for (place, chance) in chances.enumerated() {
        figures[place].append(expected(values, counts, chance))
      }
    }
    return budgets.indices.map { place in
      BestOfRuns(
        k: budgets[place], expected: expected(values, once, chances[place]),
        interval: .percentiles(of: figures[place]))
    }
  }

  /// The chance that all of k runs lie beyond the r smallest of n, C(n − r, k) / C(n, k), for r from
  /// 0 to n.
  private static func chancesBeyond(_ n: Int, _ k: Int) -> [Double] {
    var chances = [1.0]
    for r in stride(from: 1, through: n, by: 1) {
      let left = n - r + 1
      chances.append(chances[r - 1] * Double(max(0, left - k)) / Double(left))
    }
    return chances
  }

  /// - Parameters:
  ///   - values: Ascending.
  ///   - counts: How often each of them is there; as many in all as there are chances, less one.
  private static func expected(_ values: [Double], _ counts: [Int], _ chances: [Double]) -> Double {
    let origin = values.first ?? 0
    var (sum, below) = (0.0, 0)
    for (value, count) in zip(values, counts) where count > 0 {
      sum += (value - origin) * (chances[below] - chances[below + count])
      below += count
    }
    return origin + sum
  }
}
