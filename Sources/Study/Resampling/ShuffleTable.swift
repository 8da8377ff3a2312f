/// A random order of `count` runs for each replicate: the same for every test of as many runs, so that
/// they are drawn once for all of them.
struct ShuffleTable: Sendable {
  /// Places, from 0 to `count` − 1, replicate by replicate.
  private let places: [UInt16]
  private let count: Int
  private let replicates: Int

  /// Larger ones, of 64 MB and more, are not made.
  private static let maxPlaces = 32 << 20
  private static let tables = LastTables<ShuffleTable>(atMost: 2)

  /// Nil where it would be too large.
  static func of(_ resampling: Resampling, count: Int) -> ShuffleTable? {
    let all = resampling.replicates.multipliedReportingOverflow(by: count)
    guard count <= Int(UInt16.max), !all.overflow, all.partialValue <= maxPlaces else { return nil }
    return tables.table(LastTables.Key(resampling: resampling, count: count, drawn: count)) {
      ShuffleTable(resampling, count: count)
    }
  }

  private init(_ resampling: Resampling, count: Int) {
    self.count = count
    replicates = resampling.replicates
    places = [UInt16](unsafeUninitializedCapacity: resampling.replicates * count) { places, used in
      resampling.forEachDraw(of: count, drawn: count) { replicate, drawn in
        for (place, other) in drawn.enumerated() {
          places.initializeElement(at: replicate * count + place, to: UInt16(other))
        }
      }
      used = resampling.replicates * count
    }
  }

  /// The sum of the products of `left` with each order of `right`.
  ///
  /// Four replicates at a time: each adds in the order of the places, and none waits for another's sum.
  func forEachProduct(_ left: [Double], _ right: [Double], _ body: (_ sum: Double) -> Void) {
    let whole = replicates / 4 * 4
    places.withUnsafeBufferPointer { places in
      left.withUnsafeBufferPointer { left in
        right.withUnsafeBufferPointer { right in
          for replicate in stride(from: 0, to: whole, by: 4) {
            var (a, b, c, d) = (0.0, 0.0, 0.0, 0.0)
            let start = replicate * count
            for place in 0..<count {
              let value = left[place]
              a += value * right[Int(places[start + place])]
              b += value * right[Int(places[start + count + place])]
              c += value * right[Int(places[start + 2 * count + place])]
              d += value * right[Int(places[start + 3 * count + place])]
            }
            body(a)
            body(b)
            body(c)
            body(d)
          }
          for replicate in whole..<replicates {
            var sum = 0.0
            for place in 0..<count {
              sum += left[place] * right[Int(places[replicate * count + place])]
            }
            body(sum)
          }
        }
      }
    }
  }
}
