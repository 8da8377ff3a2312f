import Synchronization

/// Which of `count` runs each replicate draws: the same for every test of as many runs, so that they
/// are drawn once for all the pairs of a family.
struct SplitTable: Sendable {
  /// Places, from 0 to `count` − 1, replicate by replicate.
  let places: [UInt16]
  let drawn: Int
  let replicates: Int

  private struct Key: Hashable {
    let resampling: Resampling
    let count: Int
    let drawn: Int
  }

  /// Larger ones, of 64 MB and more, are not kept.
  private static let maxPlaces = 32 << 20
  /// Of the last sizes that were asked for; most pairs of a sweep have the same.
  private static let maxTables = 2
  /// Nil where it was asked for once: a single test is done sooner without.
  private static let tables = Mutex<[(key: Key, table: SplitTable?)]>([])

  /// Nil where it would be too large, and where nobody has asked for it before.
  static func of(_ resampling: Resampling, count: Int, drawn: Int) -> SplitTable? {
    guard count <= Int(UInt16.max), resampling.replicates * drawn <= maxPlaces else { return nil }
    let key = Key(resampling: resampling, count: count, drawn: drawn)
    return tables.withLock { tables in
      guard let place = tables.firstIndex(where: { $0.key == key }) else {
        tables.append((key, nil))
        if tables.count > maxTables { tables.removeFirst() }
        return nil
      }
      if tables[place].table == nil {
        tables[place].table = SplitTable(resampling, count: count, drawn: drawn)
      }
      return tables[place].table
    }
  }

  private init(_ resampling: Resampling, count: Int, drawn: Int) {
    self.drawn = drawn
    replicates = resampling.replicates
    let order = (0..<count).map(UInt16.init)
    places = [UInt16](unsafeUninitializedCapacity: resampling.replicates * drawn) { places, used in
      var own = order
      for replicate in 0..<resampling.replicates {
        var stream = ResamplingStream(seed: resampling.seed, replicate: replicate)
        for place in own.indices { own[place] = order[place] }
        for place in 0..<drawn {
          let other = place + stream.below(count - place)
          places[replicate * drawn + place] = own[other]
          own[other] = own[place]
        }
      }
      used = resampling.replicates * drawn
    }
  }

  /// The sum and the sum of squares of the values that each replicate draws.
  ///
  /// Four replicates at a time: each adds its values in the order in which they were drawn, and none
  /// waits for another's sum.
  func forEachSum(
    of values: [SIMD2<Double>], _ body: (_ sum: SIMD2<Double>, _ squares: SIMD2<Double>) -> Void
  ) {
    let whole = replicates / 4 * 4
    places.withUnsafeBufferPointer { places in
      values.withUnsafeBufferPointer { values in
        func value(_ replicate: Int, _ place: Int) -> SIMD2<Double> {
          values[Int(places[replicate * drawn + place])]
        }
        for start in stride(from: 0, to: whole, by: 4) {
          var (sums, squares) = (SIMD8<Double>.zero, SIMD8<Double>.zero)
          for place in 0..<drawn {
            let four = SIMD8(
              lowHalf: SIMD4(lowHalf: value(start, place), highHalf: value(start + 1, place)),
              highHalf: SIMD4(lowHalf: value(start + 2, place), highHalf: value(start + 3, place)))
            sums += four
            squares += four * four
          }
          body(sums.lowHalf.lowHalf, squares.lowHalf.lowHalf)
          body(sums.lowHalf.highHalf, squares.lowHalf.highHalf)
          body(sums.highHalf.lowHalf, squares.highHalf.lowHalf)
          body(sums.highHalf.highHalf, squares.highHalf.highHalf)
        }
        for replicate in whole..<replicates {
          var (sum, squares) = (SIMD2<Double>.zero, SIMD2<Double>.zero)
          for place in 0..<drawn {
            sum += value(replicate, place)
            squares += value(replicate, place) * value(replicate, place)
          }
          body(sum, squares)
        }
      }
    }
  }
}
