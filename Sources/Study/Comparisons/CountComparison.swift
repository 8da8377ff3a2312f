/// Whether runs of one configuration have more collapsed latents, on average, than another's.
package struct CountComparison: Hashable, Sendable {
  /// First mean less second.
  package let difference: Double
  /// Welch's; nil where neither side varies.
  package let interval: Interval?
  /// Two-sided, by permutation of the runs.
  package let pValue: Double

  /// Nil where a side has no runs.
  package init?(_ first: [Int], _ second: [Int], resampling: Resampling = .standard) {
    let left = Sample(first.map(Double.init))
    let right = Sample(second.map(Double.init))
    guard let mean = left.mean, let other = right.mean else { return nil }
    difference = mean - other
    interval = Estimate.welch(left, right)?.interval()
    guard Set(first + second).count > 1 else {
      // However the runs are shared out, the difference is as it is: none.
      pValue = 1
      return
    }
    let total = (first + second).reduce(0, +)
    // |Σ₁/n₁ − Σ₂/n₂| is |N Σ₁ − n₁ Σ| over constants: whole numbers, compared exactly.
    func distance(_ sum: Double) -> Double {
      abs(sum * Double(first.count + second.count) - Double(total * first.count))
    }
    let observed = distance(left.values.reduce(0, +))
    var extreme = 0
    resampling.forEachSplitSum(of: left.values + right.values, size: first.count) { sum in
      if distance(sum) >= observed { extreme += 1 }
    }
    pValue = resampling.pValue(extreme: extreme)
  }
}
