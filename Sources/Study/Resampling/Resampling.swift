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
    forEachDraw(of: pooled.count, drawn: drawn) { _, places in
      var sum = SIMD2<Double>.zero
      var squares = SIMD2<Double>.zero
      for place in places {
        let value = pooled[Int(place)]
        sum += value
        squares += value * value
      }
      tell(sum, squares)
    }
  }

  /// The same of the sum alone; whole numbers are added exactly.
  func forEachSplitSum(of pooled: [Double], size: Int, _ body: (_ sum: Double) -> Void) {
    let drawn = min(size, pooled.count - size)
    guard let table = SplitTable.of(self, count: pooled.count, drawn: drawn) else {
      forEachSplit(of: pooled.map { SIMD2($0, 0) }, size: size) { sum, _ in body(sum.x) }
      return
    }
    guard size >= 0, size <= pooled.count else { return }
    let total = pooled.reduce(0, +)
    table.forEachSum(of: pooled) { body(drawn == size ? $0 : total - $0) }
  }

  /// Draws `drawn` of the numbers 0 to `count` − 1 without replacement, once per replicate, and hands
  /// them over in the order in which they were drawn; of all of them that is a random order.
  func forEachDraw(
    of count: Int, drawn: Int,
    _ body: (_ replicate: Int, _ places: Slice<UnsafeBufferPointer<UInt32>>) -> Void
  ) {
    let order = (0..<UInt32(count)).map(\.self)
    var own = order
    order.withUnsafeBufferPointer { order in
      own.withUnsafeMutableBufferPointer { own in
        for replicate in 0..<replicates {
          var stream = ResamplingStream(seed: seed, replicate: replicate)
          _ = own.update(fromContentsOf: order)
          for place in 0..<drawn {
            own.swapAt(place, place + stream.below(count - place))
          }
          body(replicate, UnsafeBufferPointer(own)[..<drawn])
        }
      }
    }
  }

  /// Multiplies `left` with a random order of `right`, once per replicate, and hands over the sum of
  /// the products; both have as many values.
  func forEachShuffledProduct(_ left: [Double], _ right: [Double], _ body: (_ sum: Double) -> Void)
  {
    if let table = ShuffleTable.of(self, count: right.count) {
      table.forEachProduct(left, right, body)
      return
    }
    forEachDraw(of: right.count, drawn: right.count) { _, places in
      var sum = 0.0
      for (place, other) in places.enumerated() { sum += left[place] * right[Int(other)] }
      body(sum)
    }
  }

  /// Gives each of `values` a random sign, once per replicate, and hands over the sum.
  ///
  /// Eight values at a time: of a byte of random signs the sum of its eight values is made beforehand.
  func forEachSignFlip(of values: [Double], _ body: (_ sum: Double) -> Void) {
    let sums = Self.signedSums(values)
    let bytes = sums.count / 256
    sums.withUnsafeBufferPointer { sums in
      for replicate in 0..<replicates {
        var stream = ResamplingStream(seed: seed, replicate: replicate)
        var whole = 0.0
        for start in stride(from: 0, to: bytes, by: 8) {
          var signs = stream.next()
          var (even, odd) = (0.0, 0.0)
          for byte in start..<min(start + 8, bytes) {
            let sum = sums[byte << 8 | Int(signs & 255)]
            if byte & 1 == 0 { even += sum } else { odd += sum }
            signs >>= 8
          }
          whole += even + odd
        }
        body(whole)
      }
    }
  }

  /// For each eight of `values`, and each byte, their sum with minus where a bit of the byte is set.
  private static func signedSums(_ values: [Double]) -> [Double] {
    var sums: [Double] = []
    sums.reserveCapacity((values.count + 7) / 8 * 256)
    for start in stride(from: 0, to: values.count, by: 8) {
      let own = values[start..<min(start + 8, values.count)]
      for signs in 0..<256 {
        var sum = 0.0
        for (place, value) in own.enumerated() { sum += signs >> place & 1 == 0 ? value : -value }
        sums.append(sum)
      }
    }
    return sums
  }
}
