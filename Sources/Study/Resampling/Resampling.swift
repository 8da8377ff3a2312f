/// How often, and from which seed, tests resample: fixed, so that a p value can be had again.
package struct Resampling: Hashable, Sendable {
  /// Replicates beside the observed one, which counts as one more.
  package let replicates: Int
  package let seed: UInt64

  package init(replicates: Int, seed: UInt64) {
    self.replicates = max(0, replicates)
    self.seed = seed
  }

  /// Of every test in this program: 99,999 replicates, so that p has steps of 0.00001.
  package static let standard = Resampling(replicates: 99_999, seed: 20_260_101)

  /// Of every percentile interval: 9,999 resamples, for percentiles need no steps of 0.00001.
  package static let percentiles = Resampling(replicates: 9_999, seed: standard.seed)

  /// (1 + replicates at least as extreme) / (1 + replicates): never zero, and exact in level
  /// (Phipson & Smyth 2010).
  func pValue(extreme: Int) -> Double { Double(extreme + 1) / Double(replicates + 1) }

  /// Draws `size` of `pooled` without replacement, once per replicate, and hands over the sum and
  /// the sum of squares of those drawn.
  func forEachSplit(
    of pooled: [Double], size: Int, _ body: (_ sum: Double, _ squares: Double) -> Void
  ) {
    forEachSplit(of: pooled.map { SIMD2(repeating: $0) }, size: size) { body($0[0], $1[0]) }
  }

  /// The same of two numbers for each run, drawn together.
  ///
  /// O(min(size, the others)) draws per replicate: the smaller group is drawn, the larger is the rest.
  func forEachSplit(
    of pooled: [SIMD2<Double>], size: Int,
    _ body: (_ sum: SIMD2<Double>, _ squares: SIMD2<Double>) -> Void
  ) {
    guard size >= 0, size <= pooled.count else { return }
    let total = pooled.reduce(.zero, +)
    let totalSquares = pooled.reduce(.zero) { $0 + $1 * $1 }
    let drawn = min(size, pooled.count - size)
    func tell(_ sum: SIMD2<Double>, _ squares: SIMD2<Double>) {
      if drawn == size { body(sum, squares) } else { body(total - sum, totalSquares - squares) }
    }
    if let table = SplitTable.of(self, count: pooled.count, drawn: drawn) {
      table.forEachSum(of: pooled, tell)
      return
    }
    var values = pooled
    for replicate in 0..<replicates {
      var stream = ResamplingStream(seed: seed, replicate: replicate)
      for place in values.indices { values[place] = pooled[place] }
      var sum = SIMD2<Double>.zero
      var squares = SIMD2<Double>.zero
      for place in 0..<drawn {
        let other = place + stream.below(values.count - place)
        let value = values[other]
        values[other] = values[place]
        sum += value
        squares += value * value
      }
      tell(sum, squares)
    }
  }

  /// Puts `values` into a random order, once per replicate, and hands them over.
  func forEachShuffle(of values: [Double], _ body: (_ shuffled: [Double]) -> Void) {
    for replicate in 0..<replicates {
      var stream = ResamplingStream(seed: seed, replicate: replicate)
      var shuffled = values
      for place in shuffled.indices.dropLast() {
        shuffled.swapAt(place, place + stream.below(shuffled.count - place))
      }
      body(shuffled)
    }
  }

  /// Gives each of `values` a random sign, once per replicate, and hands over the sum.
  func forEachSignFlip(of values: [Double], _ body: (_ sum: Double) -> Void) {
    for replicate in 0..<replicates {
      var stream = ResamplingStream(seed: seed, replicate: replicate)
      var signs: UInt64 = 0
      var sum = 0.0
      for (place, value) in values.enumerated() {
        if place % 64 == 0 { signs = stream.next() }
        sum += signs & 1 == 0 ? value : -value
        signs >>= 1
      }
      body(sum)
    }
  }
}
