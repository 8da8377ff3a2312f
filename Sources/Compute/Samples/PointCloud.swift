/// Points of d coordinates, coordinate by coordinate, so that eight points are one load.
package final class PointCloud {
  package let count: Int
  package let dimension: Int
  private let arena: Arena
  private let base: UnsafeMutablePointer<Float>
  private let stride: Int

  package init(count: Int, dimension: Int) {
    self.count = count
    self.dimension = dimension
    stride = Arena.size(of: count)
    arena = Arena(count: stride * dimension)
    base = arena.take(stride * dimension)
  }

  /// Coordinate `k` of every point, padded to whole lanes.
  package func coordinate(_ k: Int) -> UnsafeMutablePointer<Float> { base + k * stride }

  /// Puts the rows of `points` in place as the points from `first` on.
  package func set(_ points: Matrix, from first: Int) {
    for i in 0..<points.rows {
      let row = points.row(i)
      for k in 0..<dimension { base[k * stride + first + i] = row[k] }
    }
  }

  /// |x|² of point `i`, in Double.
  func squaredNorm(_ i: Int) -> Double {
    var sum = 0.0
    for k in 0..<dimension {
      let value = Double(base[k * stride + i])
      sum += value * value
    }
    return sum
  }
}

extension PointCloud {
  /// Energy distance of the points to N(0, I): 2 E|X − Z| − E|X − X′| − E|Z − Z′|
  /// (Székely & Rizzo 2013); nil below two points and where it is not finite.
  ///
  /// The U-statistic: pairs of different points only, and the normal terms exact. So its mean is the
  /// distance itself, 0 for standard normal points, and single values may lie below 0. (The
  /// V-statistic, which counts the n zero distances of a point to itself, is E|X − X′|/n larger.)
  package var energyDistanceToNormal: Double? {
    guard count > 1 else { return nil }
    let normal = NormalDistance(dimension: dimension)
    var toNormal = 0.0
    for i in 0..<count { toNormal += normal.mean(squaredNorm: squaredNorm(i)) }
    let pairs = Double(count) * Double(count - 1) / 2
    let distance =
      2 * toNormal / Double(count) - sumOfPairDistances / pairs - normal.betweenTwo
    return distance.isFinite ? distance : nil
  }

  /// Σ |xᵢ − xⱼ| over the pairs i > j, in the order of i.
  ///
  /// Distances are floats; at most 64 of them are summed as floats.
  private var sumOfPairDistances: Double {
    let indices = SIMD8<Int32>(0, 1, 2, 3, 4, 5, 6, 7)
    var total = 0.0
    for i in 1..<count {
      let last = (i - 1) & ~7
      var j = 0
      while j < last {
        let end = min(j + 512, last)
        var sum = Lanes(repeating: 0)
        while j < end {
          sum += distances(from: i, toEightAt: j)
          j += 8
        }
        total += sum.doubleSum
      }
      let rest = SIMD8<Int32>(repeating: Int32(truncatingIfNeeded: i - last))
      total +=
        distances(from: i, toEightAt: last)
        .replacing(with: 0, where: indices .>= rest).doubleSum
    }
    return total
  }

  @inline(__always)
  private func distances(from i: Int, toEightAt j: Int) -> Lanes {
    var squares = Lanes(repeating: 0)
    var values = base
    for _ in 0..<dimension {
      let difference = values.lanes(at: j) - Lanes(repeating: values[i])
      squares = squares.addingProduct(difference, difference)
      values += stride
    }
    return squares.squareRoot()
  }
}

extension PointCloud {
  /// The Gaussian of the points' mean and covariance; nil where `Moments.gaussian` is, and beyond its
  /// largest dimension.
  package var gaussian: Gaussian? {
    guard dimension <= Gaussian.largestDimension else { return nil }
    var moments = Moments(dimension: dimension)
    let arena = Arena(count: Arena.size(rows: 256, columns: dimension))
    let rows = arena.takeMatrix(rows: 256, columns: dimension)
    for first in Swift.stride(from: 0, to: count, by: rows.rows) {
      let part = rows.prefix(min(rows.rows, count - first))
      for k in 0..<dimension {
        let values = coordinate(k)
        for i in 0..<part.rows { part.row(i)[k] = values[first + i] }
      }
      moments.add(part)
    }
    return moments.gaussian
  }
}
