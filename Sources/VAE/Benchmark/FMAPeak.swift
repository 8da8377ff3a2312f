import Compute

/// The most fused multiply-adds one core can do.
enum FMAPeak {
  /// The best of ten runs of twelve independent chains of multiply-adds in the widest registers that
  /// the products use, in GFLOP/s.
  static func gflops() -> Double {
    let clock = ContinuousClock()
    let rounds = 2_000_000
    let lanes = WideVectors.areAvailable ? 16 : 8
    var best = 0.0
    var sink: Float = 0
    for _ in 0..<10 {
      let start = clock.now
      sink +=
        WideVectors.chains(rounds: rounds)
        ?? chains(rounds, Lanes(repeating: 0.999_999), Lanes(repeating: 1e-6))[0]
      let seconds = (clock.now - start).seconds
      best = max(best, 2 * 12 * Double(lanes * rounds) / seconds / 1e9)
    }
    // Keeps the work from being dropped.
    return sink.isNaN ? 0 : best
  }

  @inline(never)
  private static func chains(_ rounds: Int, _ factor: Lanes, _ term: Lanes) -> Lanes {
    var (a, b, c, d) = (term, term, term, term)
    var (e, f, g, h) = (term, term, term, term)
    var (i, j, k, l) = (term, term, term, term)
    for _ in 0..<rounds {
      a = term.addingProduct(a, factor)
      b = term.addingProduct(b, factor)
      c = term.addingProduct(c, factor)
      d = term.addingProduct(d, factor)
      e = term.addingProduct(e, factor)
      f = term.addingProduct(f, factor)
      g = term.addingProduct(g, factor)
      h = term.addingProduct(h, factor)
      i = term.addingProduct(i, factor)
      j = term.addingProduct(j, factor)
      k = term.addingProduct(k, factor)
      l = term.addingProduct(l, factor)
    }
    return a + b + c + d + e + f + g + h + i + j + k + l
  }
}
