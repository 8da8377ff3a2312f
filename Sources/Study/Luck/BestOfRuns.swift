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
    let chances = BudgetChances(n, budgets)
    let values = sample.values
    let replicates = n > 1 ? resampling.replicates : 0
    var figures = budgets.map { _ in [Double](repeating: 0, count: replicates) }
    var counts = [Int](repeating: 1, count: n)
    let expected = chances.expected(values, counts)
    for replicate in 0..<replicates {
      var stream = ResamplingStream(seed: resampling.seed, replicate: replicate)
      for place in counts.indices { counts[place] = 0 }
      for _ in 0..<n { counts[stream.below(n)] += 1 }
      let drawn = chances.expected(values, counts)
      for place in budgets.indices { figures[place][replicate] = drawn[place] }
    }
    return budgets.indices.map { place in
      BestOfRuns(
        k: budgets[place], expected: expected[place],
        interval: .percentiles(of: figures[place]))
    }
  }
}

/// The chances by which the smallest of k of n runs is one of them, for several budgets k at once.
private struct BudgetChances {
  private let budgets: Int
  /// For r from 0 to n, each budget's chance that all of its k runs lie beyond the r smallest.
  private let beyond: [Double]

  init(_ n: Int, _ budgets: [Int]) {
    self.budgets = budgets.count
    let columns = budgets.map { Self.chancesBeyond(n, $0) }
    beyond = (0...n).flatMap { r in columns.map { $0[r] } }
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

  /// Of each budget.
  ///
  /// - Parameters:
  ///   - values: Ascending.
  ///   - counts: How often each of them is there; n in all.
  func expected(_ values: [Double], _ counts: [Int]) -> [Double] {
    let origin = values.first ?? 0
    return [Double](unsafeUninitializedCapacity: budgets) { sums, used in
      sums.initialize(repeating: 0)
      beyond.withUnsafeBufferPointer { beyond in
        var below = 0
        for (place, count) in counts.enumerated() where count > 0 {
          let distance = values[place] - origin
          let (own, next) = (below * budgets, (below + count) * budgets)
          for budget in 0..<budgets {
            sums[budget] += distance * (beyond[own + budget] - beyond[next + budget])
          }
          below += count
        }
      }
      for budget in 0..<budgets { sums[budget] = origin + sums[budget] }
      used = budgets
    }
  }
}
