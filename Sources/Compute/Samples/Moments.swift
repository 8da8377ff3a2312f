/// Mean and covariance of rows that come batch by batch, in Double.
///
/// Sums run over the rows in order, about the first row so that a mean far from 0 costs no digits.
package struct Moments {
  package let dimension: Int
  package private(set) var count = 0
  private let stride: Int
  private var shift: [Double]
  private var sums: [Double]
  /// Row j holds Σ (xⱼ − sⱼ)(xₖ − sₖ), of which k ≤ j is complete.
  private var products: [Double]

  package init(dimension: Int) {
    self.dimension = dimension
    stride = dimension.roundedUpToLanes
    shift = Array(repeating: 0, count: stride)
    sums = shift
    products = Array(repeating: 0, count: stride * stride)
  }

  package mutating func add(_ rows: Matrix) {
    guard rows.rows > 0 else { return }
    if count == 0 { for k in 0..<dimension { shift[k] = Double(rows.row(0)[k]) } }
    var centred = Array(repeating: 0.0, count: stride)
    for i in 0..<rows.rows {
      let row = rows.row(i)
      for k in 0..<dimension {
        centred[k] = Double(row[k]) - shift[k]
        sums[k] += centred[k]
      }
      add(centred)
    }
    count += rows.rows
  }

  private mutating func add(_ centred: [Double]) {
    products.withUnsafeMutableBytes { products in
      centred.withUnsafeBytes { values in
        for j in 0..<dimension {
          let factor = SIMD8(repeating: centred[j])
          var k = 0
          while k <= j {
            let place = (j * stride + k) * 8
            let sum = products.loadUnaligned(fromByteOffset: place, as: SIMD8<Double>.self)
            let other = values.loadUnaligned(fromByteOffset: k * 8, as: SIMD8<Double>.self)
            products.storeBytes(
              of: sum.addingProduct(factor, other), toByteOffset: place, as: SIMD8<Double>.self)
            k += 8
          }
        }
      }
    }
  }

  package var mean: [Double] {
    (0..<dimension).map { shift[$0] + sums[$0] / Double(max(count, 1)) }
  }

  /// The Gaussian of this mean and covariance (n − 1); nil below two rows, where the covariance is
  /// singular and where it is not finite.
  package var gaussian: Gaussian? {
    guard count > 1 else { return nil }
    let n = Double(count)
    var lower = Array(repeating: 0.0, count: dimension * dimension)
    for j in 0..<dimension {
      for k in 0...j {
        let centred = products[j * stride + k] - sums[j] * sums[k] / n
        lower[j * dimension + k] = centred / (n - 1)
      }
    }
    return Gaussian(mean: mean, covariance: lower)
  }
}

/// A multivariate normal distribution, by its mean and the Cholesky factor L of its covariance.
package struct Gaussian {
  /// More than this the work and the memory of a covariance are out of proportion.
  package static let largestDimension = 512
  /// A latent whose variance, given those before it, is this share of its own or less is one of
  /// them over again.
  private static let smallestShare = 1e-10

  private let dimension: Int
  private let mean: [Double]
  /// L, row by row.
  private let factor: [Double]

  /// `covariance` row by row, of which the lower triangle is read; nil where it is singular.
  init?(mean: [Double], covariance: [Double]) {
    dimension = mean.count
    self.mean = mean
    var l = covariance
    for j in 0..<dimension {
      let variance = covariance[j * dimension + j]
      for k in 0...j {
        var sum = l[j * dimension + k]
        for i in 0..<k { sum -= l[j * dimension + i] * l[k * dimension + i] }
        if k < j {
          l[j * dimension + k] = sum / l[k * dimension + k]
        } else {
          guard variance.isFinite, variance > 0, sum > Self.smallestShare * variance
          else { return nil }
          l[j * dimension + j] = Scalar.sqrt(sum)
        }
      }
    }
    factor = l
  }

  /// `points` ← L⁻¹ (points − mean): as many points of mean 0 and covariance I.
  package func whiten(_ points: PointCloud) {
    var solved = Array(repeating: 0.0, count: dimension)
    for i in 0..<points.count {
      for j in 0..<dimension {
        var sum = Double(points.coordinate(j)[i]) - mean[j]
        for k in 0..<j { sum -= factor[j * dimension + k] * solved[k] }
        solved[j] = sum / factor[j * dimension + j]
        points.coordinate(j)[i] = Float(solved[j])
      }
    }
  }

  /// Each row ε of `rows` ← mean + L ε.
  package func colour(_ rows: Matrix) {
    var drawn = Array(repeating: 0.0, count: dimension)
    for i in 0..<rows.rows {
      let row = rows.row(i)
      for k in 0..<dimension { drawn[k] = Double(row[k]) }
      for j in 0..<dimension {
        var sum = mean[j]
        for k in 0...j { sum += factor[j * dimension + k] * drawn[k] }
        row[j] = Float(sum)
      }
    }
  }
}
