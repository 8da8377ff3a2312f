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
