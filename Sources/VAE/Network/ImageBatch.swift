package import Compute
package import Dataset

/// How the first layer reads its input.
package enum InputForm: Sendable {
  /// Floats, for dense products.
  case dense
  /// Nonzero entries; images have at most `maxPerImage`.
  case sparse(maxPerImage: Int)

  /// Above this share of nonzero bytes the dense product is the faster one.
  package static let largestSparseShare = 0.4

  /// The faster form for training data of this density, with room for the test images too: a
  /// function of the data's bytes, so of the point.
  package init(_ density: PixelDensity, testSet: ImageSet) {
    guard density.share <= Self.largestSparseShare, let test = testSet.pixels.baseAddress else {
      self = .dense
      return
    }
    let testDensity = PixelDensity(
      pixels: test, count: testSet.count, width: testSet.shape.pixels)
    self = .sparse(
      maxPerImage: max(density.maxPerImage, testDensity.maxPerImage))
  }
}

/// The images of one batch, gathered: bytes for the loss, and what the first layer reads.
package final class ImageBatch {
  /// What the first layer reads, rows × pixels.
  enum Input {
    case dense(Matrix)
    case sparse(SparseBatch)
  }

  package let capacity: Int
  package let inputSize: Int
  package private(set) var count = 0
  /// Bytes, rows `stride` apart, padding zero.
  let pixels: UnsafeMutablePointer<UInt8>
  let stride: Int
  /// How the images to come are read.
  var rule = PixelRule.grey
  private let form: Input
  private let arena: Arena

  package init(capacity: Int, inputSize: Int, form: InputForm, withGradient: Bool) {
    self.capacity = capacity
    self.inputSize = inputSize
    stride = inputSize.roundedUpToLanes
    pixels = .allocate(capacity: capacity * stride)
    pixels.initialize(repeating: 0, count: capacity * stride)
    switch form {
    case .dense:
      arena = Arena(count: Arena.size(rows: capacity, columns: inputSize))
      self.form = .dense(arena.takeMatrix(rows: capacity, columns: inputSize))
    case .sparse(let most):
      arena = Arena(count: 0)
      self.form = .sparse(
        SparseBatch(
          maxRows: capacity, width: inputSize, maxPerRow: most, withColumns: withGradient))
    }
  }

  deinit { pixels.deallocate() }

  /// The images loaded last.
  var input: Input {
    switch form {
    case .dense(let matrix): .dense(matrix.prefix(count))
    case .sparse: form
    }
  }

  /// Loads the images `indices` of `images`, whose rows are `inputSize` bytes.
  package func load(_ images: UnsafePointer<UInt8>, indices: UnsafeBufferPointer<Int32>) {
    for (i, index) in indices.enumerated() { copy(images, from: Int(index), to: i) }
    finish(count: indices.count)
  }

  /// Loads the images `range` of `images`.
  package func load(_ images: UnsafePointer<UInt8>, range: Range<Int>) {
    for (i, index) in range.enumerated() { copy(images, from: index, to: i) }
    finish(count: range.count)
  }

  private func copy(_ images: UnsafePointer<UInt8>, from index: Int, to i: Int) {
    rule.copy(
      images + index * inputSize, index: index, to: pixels + i * stride, count: inputSize)
  }

  private func finish(count: Int) {
    self.count = count
    switch form {
    case .dense(let matrix):
      for i in 0..<count {
        let source = UnsafeRawPointer(pixels + i * stride)
        let row = matrix.row(i)
        var j = 0
        while j < stride {
          row.store(
            Pixels.unit(source.loadUnaligned(fromByteOffset: j, as: SIMD8<UInt8>.self)), at: j)
          j += 8
        }
      }
    case .sparse(let batch):
      batch.fill(from: pixels, count: count, stride: stride)
    }
  }
}
