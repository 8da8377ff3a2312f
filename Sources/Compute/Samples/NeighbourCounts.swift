// Distances between many points as products: |a − b|² = |a|² + |b|² − 2 a·b, a block at a time.

/// Points as rows whose number is padded to whole tiles and whose padding is zero, with |x|².
package final class PointRows {
  package let points: Matrix
  package let count: Int
  /// Infinite in the padding: no point is near it.
  fileprivate let squaredNorms: UnsafeMutablePointer<Float>
  private let arena: Arena

  /// Room for `count` points of `dimension` coordinates, all zero.
  package init(count: Int, dimension: Int) {
    self.count = count
    let rows = (count + 15) / 16 * 16
    // Columns are padded to whole tiles, so that points come straight out of a product.
    let columns = (dimension + 15) / 16 * 16
    arena = Arena(count: Arena.size(rows: rows, columns: columns) + Arena.size(of: rows))
    points = arena.takeMatrix(rows: rows, columns: columns)
    squaredNorms = arena.take(rows)
  }

  /// Takes the norms of the points that are in place; false where one is not finite.
  package func measureNorms() -> Bool {
    var areFinite = true
    for i in 0..<points.rows {
      let row = points.row(i)
      var sum = Lanes(repeating: 0)
      var k = 0
      while k < points.columns {
        let value = row.lanes(at: k)
        sum = sum.addingProduct(value, value)
        k += 8
      }
      squaredNorms[i] = i < count ? Float(sum.doubleSum) : .infinity
      if i < count, !squaredNorms[i].isFinite { areFinite = false }
    }
    return areFinite
  }

  /// The rows `range`.
  fileprivate func rows(_ range: Range<Int>) -> Matrix {
    Matrix(
      points.row(range.lowerBound), rows: range.count, columns: points.columns,
      stride: points.stride)
  }
}

/// Calls `body` with every block of products left · rightᵀ: its first row, its rows and the first of
/// its columns, which are whole tiles.
private func forEachBlock(
  _ left: PointRows, _ right: PointRows, _ products: DenseProducts,
  goOn: () -> Bool, _ body: (_ first: Int, _ block: Matrix, _ column: Int) -> Void
) -> Bool {
  let (height, width) = (256, 1_024)
  let arena = Arena(count: Arena.size(rows: height, columns: width))
  let room = arena.takeMatrix(rows: height, columns: width)
  for first in stride(from: 0, to: left.count, by: height) {
    let rows = first..<min(first + height, left.count)
    for column in stride(from: 0, to: right.points.rows, by: width) {
      let columns = column..<min(column + width, right.points.rows)
      let block = Matrix(
        room.base, rows: rows.count, columns: columns.count, stride: room.stride)
      products.multiply(left.rows(rows), transposing: right.rows(columns), into: block)
      body(first, block, column)
    }
    guard goOn() else { return false }
  }
  return true
}

/// The squared distance of every point to its `k`-th nearest other point; nil when stopped.
package func squaredNeighbourDistances(
  _ points: PointRows, k: Int, _ products: DenseProducts, goOn: () -> Bool
) -> [Float]? {
  var nearest = Array(repeating: Float.infinity, count: points.count * k)
  let finished = forEachBlock(points, points, products, goOn: goOn) { first, block, column in
    for r in 0..<block.rows {
      let i = first + r
      let own = Lanes(repeating: points.squaredNorms[i])
      let row = block.row(r)
      for j in stride(from: 0, to: block.columns, by: 8) {
        let squared = (own + (points.squaredNorms + column).lanes(at: j))
          .addingProduct(Lanes(repeating: -2), row.lanes(at: j)).positivePart
        guard any(squared .< nearest[i * k + k - 1]) else { continue }
        for lane in 0..<8 where column + j + lane != i {
          insert(squared[lane], into: &nearest, from: i * k, count: k)
        }
      }
    }
  }
  return finished ? (0..<points.count).map { nearest[$0 * k + k - 1] } : nil
}

/// Keeps the `count` smallest values from `first` on in order.
private func insert(_ value: Float, into values: inout [Float], from first: Int, count: Int) {
  var place = first + count - 1
  guard value < values[place] else { return }
  while place > first, values[place - 1] > value {
    values[place] = values[place - 1]
    place -= 1
  }
  values[place] = value
}

/// Density and coverage of made points (Naeem, Oh, Uh, Choi & Yoo 2020).
///
/// With balls around each real point that reach to its k-th nearest other real point,
///   density  = Σ over made points of the balls that hold it / (k · made points),
///   coverage = real points whose ball holds a made point / real points.
/// nil when stopped, or where a made point is not finite.
///
/// - Parameter radii: squared, of every real point.
package func densityAndCoverage(
  of made: PointRows, real: PointRows, squaredRadii radii: [Float], k: Int,
  _ products: DenseProducts, goOn: () -> Bool
) -> (density: Double, coverage: Double)? {
  guard made.measureNorms() else { return nil }
  var (hits, covered) = (0, 0)
  var held = Array(repeating: 0, count: real.count)
  let finished = forEachBlock(real, made, products, goOn: goOn) { first, block, column in
    for r in 0..<block.rows {
      // |b|² − 2 a·b < r² − |a|²
      let bound = Lanes(repeating: radii[first + r] - real.squaredNorms[first + r])
      let row = block.row(r)
      var counts = SIMD8<Int32>(repeating: 0)
      var j = 0
      while j < block.columns {
        let value = (made.squaredNorms + column).lanes(at: j)
          .addingProduct(Lanes(repeating: -2), row.lanes(at: j))
        counts = counts.replacing(with: counts &+ 1, where: value .< bound)
        j += 8
      }
      held[first + r] += Int(counts.wrappedSum())
    }
  }
  guard finished else { return nil }
  for count in held {
    hits += count
    if count > 0 { covered += 1 }
  }
  return (
    Double(hits) / (Double(k) * Double(made.count)), Double(covered) / Double(real.count)
  )
}
