import Platform

/// What the best of k runs of one configuration is expected to be.
///
/// The mean, over all ways to choose k of the n runs without replacement, of the smallest:
/// Σᵢ x₍ᵢ₎ C(n − i, k − 1) / C(n, k), which is unbiased for the expected smallest of k new runs.
package struct BestOfRuns: Hashable, Sendable {
  package let k: Int
  package let expected: Double
  /// Percentiles over resamples of the runs; see ``SimulatedCoverage``.
  package let interval: Interval?

  /// The budgets that are told of n runs: each up to thirty, then fewer.
  package static func budgets(_ n: Int) -> [Int] {
    guard n > 30 else { return Array(stride(from: 1, through: n, by: 1)) }
    let round = [1, 2, 3, 4, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700, 1_000]
    return round.filter { $0 < n } + [n]
  }

  /// For every budget of each sample, where the smallest value is the best.
  package static func all(
    _ samples: [Sample], resampling: Resampling = .percentiles
  ) -> [[BestOfRuns]] {
    // Samples of one size are resampled alike: which places are drawn is found once for several.
    let sizes = Dictionary(grouping: samples.indices) { samples[$0].count }
    let groups = sizes.values.flatMap { places in
      stride(from: 0, to: places.count, by: groupSize).map { start in
        Array(places[start..<min(start + groupSize, places.count)])
      }
    }
    let found = groups.concurrentMap { places in
      zip(places, alike(places.map { samples[$0].values }, resampling: resampling)).map(\.self)
    }
    var all = [[BestOfRuns]](repeating: [], count: samples.count)
    for (place, own) in found.joined() { all[place] = own }
    return all
  }

  private static let groupSize = 8

  /// - Parameter samples: Values in ascending order, as many of each.
  private static func alike(_ samples: [[Double]], resampling: Resampling) -> [[BestOfRuns]] {
    let n = samples.first?.count ?? 0
    let budgets = budgets(n)
    let chances = BudgetChances(n, budgets)
    let replicates = n > 1 ? resampling.replicates : 0
    var figures = samples.map { _ in
      budgets.map { _ in [Double](repeating: 0, count: replicates) }
    }
    let whole = DrawnPlaces([Int](repeating: 1, count: n))
    let expected = samples.map { chances.expected($0, whole) }
    var counts = [Int](repeating: 0, count: n)
    for replicate in 0..<replicates {
      var stream = ResamplingStream(seed: resampling.seed, replicate: replicate)
      for place in counts.indices { counts[place] = 0 }
      for _ in 0..<n { counts[stream.below(n)] += 1 }
      let drawn = DrawnPlaces(counts)
      for (sample, values) in samples.enumerated() {
        let own = chances.expected(values, drawn)
        for budget in budgets.indices { figures[sample][budget][replicate] = own[budget] }
      }
    }
    return samples.indices.map { sample in
      budgets.indices.map { budget in
        BestOfRuns(
          k: budgets[budget], expected: expected[sample][budget],
          interval: .percentiles(of: figures[sample][budget]))
      }
    }
  }
}

/// Which of n ascending values a resample holds.
private struct DrawnPlaces {
  /// Each that is there, ascending, and how many of the resample lie below it.
  let places: [(place: Int, below: Int)]

  /// - Parameter counts: How often each value is there.
  init(_ counts: [Int]) {
    var places: [(place: Int, below: Int)] = []
    places.reserveCapacity(counts.count)
    var below = 0
    for (place, count) in counts.enumerated() where count > 0 {
      places.append((place, below))
      below += count
    }
    self.places = places
  }
}

/// The chances by which the smallest of k of n runs is one of them, for several budgets k at once.
private struct BudgetChances {
  private let budgets: Int
  /// For r from 0 to n, each budget's chance that all of its k runs lie beyond the r smallest.
  private let beyond: [Double]
  /// For each r, how many budgets have a chance that can change a digit of a sum; they come first.
  private let reach: [Int]

  /// - Parameter budgets: Ascending.
  init(_ n: Int, _ budgets: [Int]) {
    self.budgets = budgets.count
    let columns = budgets.map { Self.chancesBeyond(n, $0) }
    beyond = (0...n).flatMap { r in columns.map { $0[r] } }
    reach = (0...n).map { r in columns.count { $0[r] > 0x1p-70 } }
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

  /// Of each budget, by parts: the smallest is above a value where all of k runs are, and the chance of
  /// that is multiplied by the step from that value to the next.
  ///
  /// - Parameter values: Ascending, of which `drawn` are there; n in all.
  func expected(_ values: [Double], _ drawn: DrawnPlaces) -> [Double] {
    let origin = values.first ?? 0
    return [Double](unsafeUninitializedCapacity: budgets) { sums, used in
      sums.initialize(repeating: 0)
      beyond.withUnsafeBufferPointer { beyond in
        var last = origin
        for (place, below) in drawn.places {
          let step = values[place] - last
          last = values[place]
          let row = below * budgets
          for budget in 0..<reach[below] { sums[budget] += step * beyond[row + budget] }
        }
      }
      for budget in 0..<budgets { sums[budget] = origin + sums[budget] }
      used = budgets
    }
  }
}
