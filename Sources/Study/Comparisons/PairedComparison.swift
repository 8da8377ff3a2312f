import VAE

/// Two configurations of one architecture on the same seeds, run by run.
///
/// Variants of one architecture share their random draws, so that a seed's luck cancels out as far
/// as the correlation is high.
package struct PairedComparison: Hashable, Sendable {
  package let pairs: Int
  /// First less second, judged by the paired t interval.
  package let difference: Estimate
  /// Two-sided p of the sign-flip test: exact up to 16 pairs, else by random flips.
  package let signFlip: Double
  /// The smallest p that so many pairs can give, 2 / 2ⁿ: with five or fewer it can't reach 0.05.
  package var smallestSignFlip: Double {
    pairs < 60 ? 2 / Double(1 << pairs) : 0
  }
  /// Whether the sign-flip test can find anything at all at 5 %.
  package var canReject: Bool { smallestSignFlip <= 1 - confidence }
  /// Pearson's correlation of the two; nil where a side does not vary.
  package let correlation: Double?

  /// Nil below two pairs and where all differences are equal.
  package init?(
    _ pairs: [(first: Double, second: Double)], resampling: Resampling = .standard
  ) {
    let differences = Sample(pairs.map { $0.first - $0.second })
    guard let difference = Estimate.paired(differences) else { return nil }
    self.pairs = differences.count
    self.difference = difference
    signFlip = Self.signFlip(differences.values, resampling)
    correlation = Self.correlation(pairs)
  }

  /// The values of runs on the same seeds, in the order of the first; of runs that are not independent
  /// the means of each unit.
  static func pairs(
    _ first: [(seeds: Seeds, value: Double)], _ second: [(seeds: Seeds, value: Double)],
    sampling: Bool
  ) -> [(first: Double, second: Double)] {
    var others: [Seeds: Double] = [:]
    for run in second { others[run.seeds] = run.value }
    let shared = first.filter { others[$0.seeds] != nil }
    let units = IndependentUnits(shared.map(\.seeds), sampling: sampling)
    return Array(
      zip(units.means(shared.map(\.value)), units.means(shared.map { others[$0.seeds] }))
    ).map { (first: $0, second: $1) }
  }

  /// How often the sum is as far from zero when each difference takes either sign: the test needs
  /// only that differences be symmetrical about zero (Fisher 1935).
  private static func signFlip(_ values: [Double], _ resampling: Resampling) -> Double {
    let observed = abs(values.reduce(0, +))
    let slack = 1e-12 * values.reduce(0) { $0 + abs($1) }
    var extreme = 0
    guard values.count > 16 else {
      for signs in 0..<(1 << values.count) {
        var sum = 0.0
        for (place, value) in values.enumerated() {
          sum += signs >> place & 1 == 0 ? value : -value
        }
        if abs(sum) >= observed - slack { extreme += 1 }
      }
      return Double(extreme) / Double(1 << values.count)
    }
    resampling.forEachSignFlip(of: values) { sum in
      if abs(sum) >= observed - slack { extreme += 1 }
    }
    return resampling.pValue(extreme: extreme)
  }

  private static func correlation(_ pairs: [(first: Double, second: Double)]) -> Double? {
    guard let mean = Sample(pairs.map(\.first)).mean,
      let other = Sample(pairs.map(\.second)).mean
    else { return nil }
    var (xx, yy, xy) = (0.0, 0.0, 0.0)
    for pair in pairs {
      let (x, y) = (pair.first - mean, pair.second - other)
      xx += x * x
      yy += y * y
      xy += x * y
    }
    guard xx > 0, yy > 0 else { return nil }
    return min(1, max(-1, xy / (xx * yy).squareRoot()))
  }
}
