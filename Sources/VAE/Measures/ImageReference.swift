package import Compute
package import Dataset

/// What decoded draws are held against: the test images in the principal components of the training
/// images, with each one's distance to its fifth nearest.
///
/// It depends on the dataset alone, its first 10,000 test images at the most, and takes a second or
/// two for MNIST: `ImageReference+Cache.swift` keeps it.
package final class ImageReference {
  /// Principal components at the most; N training images have N − 1, images of p pixels have p.
  package static let maxComponents = 50
  /// k of the neighbours.
  package static let neighbours = 5
  static let maxImages = 10_000
  private static let batchSize = 1_000

  /// Mean training image.
  package let mean: [Float]
  package let components: Int
  /// pixels × components, padded with zero columns to whole tiles.
  package let basis: Matrix
  /// The test images, centred on the training mean, in the components.
  package let real: PointRows
  /// Of each test image, squared.
  package let squaredRadii: [Float]
  private let arena: Arena

  private init(mean: [Float], components: Int, count: Int, squaredRadii: [Float]) {
    self.mean = mean
    self.components = components
    self.squaredRadii = squaredRadii
    real = PointRows(count: count, dimension: components)
    let columns = real.points.columns
    arena = Arena(count: Arena.size(rows: mean.count, columns: columns))
    basis = arena.takeMatrix(rows: mean.count, columns: columns)
  }

  /// Puts together what was made before.
  convenience init(mean: [Float], basis: [Float], real: [Float], squaredRadii: [Float]) {
    let components = mean.isEmpty ? 0 : basis.count / mean.count
    self.init(
      mean: mean, components: components, count: squaredRadii.count, squaredRadii: squaredRadii)
    for i in 0..<mean.count {
      for j in 0..<components { self.basis.row(i)[j] = basis[i * components + j] }
    }
    for i in 0..<squaredRadii.count {
      for j in 0..<components { self.real.points.row(i)[j] = real[i * components + j] }
    }
    _ = self.real.measureNorms()
  }

  /// How many test images, and draws, a dataset has for it; 0 where they are too few.
  static func count(of dataset: Dataset) -> Int {
    let count = min(maxImages, dataset.test.count)
    return count > neighbours && dataset.train.count > 1 ? count : 0
  }

  /// Makes it from the images; nil when stopped.
  package static func make(
    _ dataset: Dataset, _ products: DenseProducts, goOn: () -> Bool
  ) -> ImageReference? {
    let pixels = dataset.shape.pixels
    guard let train = dataset.train.pixels.baseAddress, let test = dataset.test.pixels.baseAddress,
      let covariance = CentredImages.covariance(
        train, count: dataset.train.count, width: pixels, products, goOn: goOn)
    else { return nil }
    let components = min(maxComponents, dataset.train.count - 1, pixels)
    guard
      let found = leadingEigenvectors(
        of: covariance.products, n: pixels, count: components, goOn: goOn)
    else { return nil }
    let count = count(of: dataset)
    let projected = ImageReference(
      mean: covariance.mean, components: components, count: count, squaredRadii: [])
    for (j, vector) in found.vectors.enumerated() {
      for (i, value) in vector.enumerated() { projected.basis.row(i)[j] = Float(value) }
    }
    let images = CentredImages(mean: covariance.mean, capacity: batchSize)
    for first in stride(from: 0, to: count, by: batchSize) {
      let range = first..<min(first + batchSize, count)
      projected.project(
        images.load(test, range), into: projected.real, from: first, products)
      guard goOn() else { return nil }
    }
    _ = projected.real.measureNorms()
    guard
      let radii = squaredNeighbourDistances(
        projected.real, k: neighbours, products, goOn: goOn)
    else { return nil }
    return ImageReference(projected, squaredRadii: radii)
  }

  private init(_ other: ImageReference, squaredRadii: [Float]) {
    mean = other.mean
    components = other.components
    basis = other.basis
    real = other.real
    arena = other.arena
    self.squaredRadii = squaredRadii
  }

  /// images ← images less the mean training image.
  package func centre(_ images: Matrix) { subtract(mean, from: images) }

  /// points[first…] ← images · basis, for images that are centred on `mean`.
  package func project(
    _ images: Matrix, into points: PointRows, from first: Int, _ products: DenseProducts
  ) {
    let rows = points.points
    products.multiply(
      images, basis,
      into: Matrix(
        rows.row(first), rows: images.rows, columns: rows.columns, stride: rows.stride))
  }
}

/// Images as floats with their mean taken off, a batch at a time.
package struct CentredImages {
  private let mean: [Float]
  private let batch: ImageBatch

  package init(mean: [Float], capacity: Int) {
    self.mean = mean
    batch = ImageBatch(
      capacity: capacity, inputSize: mean.count, form: .dense, withGradient: false)
  }

  /// The images `range` of `pixels`, until the next load.
  package func load(_ pixels: UnsafePointer<UInt8>, _ range: Range<Int>) -> Matrix {
    batch.load(pixels, range: range)
    guard case .dense(let images) = batch.input else { preconditionFailure("images are dense") }
    subtract(mean, from: images)
    return images
  }

  /// The mean image and the sums of squares and products about it, in Double over batches of 1,000;
  /// nil when stopped.
  ///
  /// - Parameter width: Pixels of an image.
  package static func covariance(
    _ pixels: UnsafePointer<UInt8>, count: Int, width: Int, _ products: DenseProducts,
    goOn: () -> Bool
  ) -> (mean: [Float], products: [Double])? {
    var totals = Array(repeating: 0, count: width)
    for i in 0..<count {
      let image = pixels + i * width
      for k in 0..<width { totals[k] &+= Int(image[k]) }
    }
    let mean = totals.map { Float(Double($0) / (255 * Double(count))) }
    let images = CentredImages(mean: mean, capacity: 1_000)
    let arena = Arena(count: Arena.size(rows: width, columns: width))
    let part = arena.takeMatrix(rows: width, columns: width)
    var sums = Array(repeating: 0.0, count: width * width)
    for first in stride(from: 0, to: count, by: 1_000) {
      let batch = images.load(pixels, first..<min(first + 1_000, count))
      products.multiply(transposing: batch, batch, into: part)
      for i in 0..<width {
        let row = part.row(i)
        for k in 0..<width { sums[i * width + k] += Double(row[k]) }
      }
      guard goOn() else { return nil }
    }
    return (mean, sums)
  }
}

private func subtract(_ mean: [Float], from images: Matrix) {
  mean.withUnsafeBufferPointer { mean in
    for i in 0..<images.rows {
      let row = images.row(i)
      for k in 0..<mean.count { row[k] -= mean[k] }
    }
  }
}
