extension Share {
  /// The exact interval of the share, from the tails of the binomial distribution (Clopper & Pearson
  /// 1934): it holds at least as often as it says, where Wilson's holds so often on average.
  ///
  /// Nil where there are no runs.
  package func exactInterval(confidence: Double = confidence) -> Interval? {
    guard of > 0 else { return nil }
    let tail = (1 - confidence) / 2
    let (k, n) = (Double(count), Double(of))
    // P(B ≥ k) and P(B ≤ k) at a share p are incomplete beta functions of p.
    let lower = count == 0 ? 0 : Self.quantile(tail, a: k, b: n - k + 1)
    let upper = count == of ? 1 : Self.quantile(1 - tail, a: k + 1, b: n - k)
    return Interval(lower, upper)
  }

  /// Two-sided p of the binomial test that the true share is `share`: twice the smaller tail, so that it
  /// is at most 0.05 just where the exact 95 % interval leaves the share out.
  package func exactPValue(against share: Double) -> Double {
    guard of > 0 else { return 1 }
    guard share > 0, share < 1 else { return Double(count) == share * Double(of) ? 1 : 0 }
    let (k, n) = (Double(count), Double(of))
    func above(_ a: Double, _ b: Double) -> Double {
      IncompleteBeta.regularised(x: share, complement: 1 - share, a: a, b: b)
    }
    let atLeast = count == 0 ? 1 : above(k, n - k + 1)
    let atMost = count == of ? 1 : 1 - above(k + 1, n - k)
    return min(1, 2 * min(atLeast, atMost))
  }

  private static func quantile(_ probability: Double, a: Double, b: Double) -> Double {
    var (low, high) = (0.0, 1.0)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      let below = IncompleteBeta.regularised(x: middle, complement: 1 - middle, a: a, b: b)
      if below < probability { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}
