import Foundation

/// Whether something happens in a larger share of one configuration's runs than of another's.
package struct ShareComparison: Hashable, Sendable {
  /// First share less second.
  package let difference: Double
  /// Newcombe's hybrid score interval of the difference.
  package let interval: Interval?
  /// Two-sided p of Boschloo's exact test.
  package let pValue: Double

  /// Nil where a side has no runs.
  package init?(_ first: Share, _ second: Share) {
    guard let share = first.value, let other = second.value else { return nil }
    difference = share - other
    interval = .ofDifference(first, second)
    pValue = Boschloo.twoSided(first, second)
  }
}

/// Boschloo's exact test of two shares (Boschloo 1970): Fisher's p value as a statistic, its tail
/// taken at the common share at which it is largest.
///
/// Exact in level and nowhere less powerful than Fisher's test. O(N²) for N runs in all.
enum Boschloo {
  /// Twice the smaller of the two one-sided values, at most 1.
  static func twoSided(_ first: Share, _ second: Share) -> Double {
    min(1, 2 * min(oneSided(less: first, than: second), oneSided(less: second, than: first)))
  }

  /// That the first share is smaller.
  static func oneSided(less first: Share, than second: Share) -> Double {
    let tables = FisherTables(first: first.of, second: second.of)
    let observed = tables.pValue(first.count, second.count) * (1 + 1e-9)
    // Fisher's p falls as the second count rises and the first falls: for each first count the
    // tables as extreme are those from some second count on, which rises with the first.
    var cuts: [Int] = []
    var cut = 0
    for count in 0...first.of {
      while cut <= second.of, tables.pValue(count, cut) > observed { cut += 1 }
      cuts.append(cut)
    }
    func tail(_ share: Double) -> Double {
      let own = tables.binomial(first.of, share)
      var above = tables.binomial(second.of, share) + [0]
      for index in stride(from: second.of - 1, through: 0, by: -1) {
        above[index] += above[index + 1]
      }
      return min(1, zip(own, cuts).reduce(0) { $0 + $1.0 * above[$1.1] })
    }
    return maximum(of: tail)
  }

  /// The largest value on (0, 1): on a grid, then by golden sections about its best three places.
  private static func maximum(of function: (Double) -> Double) -> Double {
    let steps = 500
    let grid = (1..<steps).map { index in
      (share: Double(index) / Double(steps), value: function(Double(index) / Double(steps)))
    }
    let ratio = (5.0.squareRoot() - 1) / 2
    var best = 0.0
    for start in grid.sorted(by: { $0.value > $1.value }).prefix(3) {
      best = max(best, start.value)
      var (low, high) = (start.share - 1 / Double(steps), start.share + 1 / Double(steps))
      for _ in 0..<40 {
        let (left, right) = (high - ratio * (high - low), low + ratio * (high - low))
        let (below, above) = (function(left), function(right))
        best = max(best, below, above)
        if below > above { high = right } else { low = left }
      }
    }
    return best
  }
}

/// Fisher's p values of all 2 × 2 tables with two given column sums.
private struct FisherTables {
  private let first: Int
  private let second: Int
  private let logFactorials: [Double]

  init(first: Int, second: Int) {
    self.first = first
    self.second = second
    var logFactorials = [0.0]
    for number in stride(from: 1, through: first + second, by: 1) {
      logFactorials.append(logFactorials[number - 1] + log(Double(number)))
    }
    self.logFactorials = logFactorials
  }

  /// P(X ≤ count) for X hypergeometric, given that count + other have the property.
  func pValue(_ count: Int, _ other: Int) -> Double {
    let marked = count + other
    let all = logBinomial(first + second, marked)
    var sum = 0.0
    for x in stride(from: max(0, marked - second), through: count, by: 1) {
      sum += exp(logBinomial(first, x) + logBinomial(second, marked - x) - all)
    }
    return sum
  }

  /// P(X = 0…n) for X binomial, for a share between 0 and 1.
  func binomial(_ n: Int, _ share: Double) -> [Double] {
    let (yes, no) = (log(share), log1p(-share))
    return (0...n).map { x in
      exp(logBinomial(n, x) + Double(x) * yes + Double(n - x) * no)
    }
  }

  private func logBinomial(_ n: Int, _ k: Int) -> Double {
    logFactorials[n] - logFactorials[k] - logFactorials[n - k]
  }
}
