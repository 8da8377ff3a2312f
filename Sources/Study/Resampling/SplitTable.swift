/// Which of `count` runs each replicate draws, a bit for each run: the same for every test of as many
/// runs, so that they are drawn once for all the pairs of a family.
struct SplitTable: Sendable {
  /// Replicate by replicate, the first run in the lowest bit of the first byte.
  private let masks: [UInt8]
  /// Bytes of one replicate.
  private let width: Int
  private let replicates: Int

  /// Larger ones, of 64 MB and more, are not made.
  private static let maxBytes = 64 << 20
  private static let tables = LastTables<SplitTable>(atMost: 4)

  /// Nil where it would be too large.
  static func of(_ resampling: Resampling, count: Int, drawn: Int) -> SplitTable? {
    let bytes = resampling.replicates.multipliedReportingOverflow(by: (count + 7) / 8)
    guard count <= Int(UInt16.max), !bytes.overflow, bytes.partialValue <= maxBytes else {
      return nil
    }
    return tables.table(LastTables.Key(resampling: resampling, count: count, drawn: drawn)) {
      SplitTable(resampling, count: count, drawn: drawn)
    }
  }

  private init(_ resampling: Resampling, count: Int, drawn: Int) {
    let width = (count + 7) / 8
    self.width = width
    replicates = resampling.replicates
    masks = [UInt8](unsafeUninitializedCapacity: resampling.replicates * width) { masks, used in
      masks.initialize(repeating: 0)
      resampling.forEachDraw(of: count, drawn: drawn) { replicate, places in
        for place in places { masks[replicate * width + Int(place >> 3)] |= 1 << UInt8(place & 7) }
      }
      used = resampling.replicates * width
    }
  }

  /// The sum and the sum of squares of the values that each replicate draws.
  ///
  /// A byte of a mask stands for eight values, whose sums for all of its 256 values are made first: a
  /// replicate adds one of them for each byte, an eighth of what it has drawn or less.
  func forEachSum(
    of values: [SIMD2<Double>], _ body: (_ sum: SIMD2<Double>, _ squares: SIMD2<Double>) -> Void
  ) {
    let sums = bytewiseSums(values.map { SIMD4(lowHalf: $0, highHalf: $0 * $0) })
    masks.withUnsafeBufferPointer { masks in
      sums.withUnsafeBufferPointer { sums in
        for replicate in 0..<replicates {
          let own = replicate * width
          // Two sums, so that neither waits for the other's.
          var (even, odd) = (SIMD4<Double>.zero, SIMD4<Double>.zero)
          var byte = 0
          while byte + 1 < width {
            even += sums[byte << 8 | Int(masks[own + byte])]
            odd += sums[(byte + 1) << 8 | Int(masks[own + byte + 1])]
            byte += 2
          }
          if byte < width { even += sums[byte << 8 | Int(masks[own + byte])] }
          let whole = even + odd
          body(whole.lowHalf, whole.highHalf)
        }
      }
    }
  }

  /// The sum of the values that each replicate draws.
  func forEachSum(of values: [Double], _ body: (_ sum: Double) -> Void) {
    let sums = bytewiseSums(values)
    masks.withUnsafeBufferPointer { masks in
      sums.withUnsafeBufferPointer { sums in
        for replicate in 0..<replicates {
          let own = replicate * width
          var (even, odd) = (0.0, 0.0)
          var byte = 0
          while byte + 1 < width {
            even += sums[byte << 8 | Int(masks[own + byte])]
            odd += sums[(byte + 1) << 8 | Int(masks[own + byte + 1])]
            byte += 2
          }
          if byte < width { even += sums[byte << 8 | Int(masks[own + byte])] }
          body(even + odd)
        }
      }
    }
  }
}

/// For each byte of a mask, and each of the 256 values that it may have, the sum of those of eight
/// values whose bits are set.
private func bytewiseSums(_ values: [SIMD4<Double>]) -> [SIMD4<Double>] {
  var sums: [SIMD4<Double>] = []
  sums.reserveCapacity((values.count + 7) / 8 * 256)
  for start in stride(from: 0, to: values.count, by: 8) {
    sums.append(.zero)
    for bit in 0..<8 {
      let value = start + bit < values.count ? values[start + bit] : .zero
      let first = sums.count - (1 << bit)
      for place in first..<sums.count { sums.append(sums[place] + value) }
    }
  }
  return sums
}

private func bytewiseSums(_ values: [Double]) -> [Double] {
  var sums: [Double] = []
  sums.reserveCapacity((values.count + 7) / 8 * 256)
  for start in stride(from: 0, to: values.count, by: 8) {
    sums.append(0)
    for bit in 0..<8 {
      let value = start + bit < values.count ? values[start + bit] : 0
      let first = sums.count - (1 << bit)
      for place in first..<sums.count { sums.append(sums[place] + value) }
    }
  }
  return sums
}
