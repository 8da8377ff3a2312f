/// Whether two numbers of a run go together: Spearman's ρ with a permutation test.
///
/// ρ is Pearson's correlation of the midranks (Spearman 1904); p is how often a random pairing is as
/// far from zero.
package struct RankCorrelation: Hashable, Sendable {
  package let n: Int
  package let rho: Double
  /// Two-sided.
  package let pValue: Double

  /// Nil below four pairs and where a side does not vary.
  package init?(_ pairs: [(Double, Double)], resampling: Resampling = .standard) {
    guard pairs.count >= 4 else { return nil }
    let left = Self.centredRanks(pairs.map(\.0))
    let right = Self.centredRanks(pairs.map(\.1))
    let scale = (Self.product(left, left) * Self.product(right, right)).squareRoot()
    guard scale > 0 else { return nil }
    n = pairs.count
    let observed = Self.product(left, right)
    rho = min(1, max(-1, observed / scale))
    var extreme = 0
    // Equal pairings may differ in the last bits.
    let least = abs(observed) - 1e-9 * scale
    resampling.forEachShuffledProduct(left, right) { if abs($0) >= least { extreme += 1 } }
    pValue = resampling.pValue(extreme: extreme)
  }

  private static func product(_ left: [Double], _ right: [Double]) -> Double {
    var sum = 0.0
    for index in left.indices { sum += left[index] * right[index] }
    return sum
  }

  /// Ranks less their mean.
  private static func centredRanks(_ values: [Double]) -> [Double] {
    midranks(values).map { $0 - Double(values.count + 1) / 2 }
  }
}
