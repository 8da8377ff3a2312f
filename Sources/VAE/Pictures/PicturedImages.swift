import Dataset

/// Images of one size that a picture is made of, as bytes, each row by row.
package struct PicturedImages: Hashable, Sendable {
  package let count: Int
  package let rows: Int
  package let columns: Int
  /// One image after the other.
  package let bytes: [UInt8]

  /// - Precondition: there are `count` × `rows` × `columns` bytes.
  package init(count: Int, rows: Int, columns: Int, bytes: [UInt8]) {
    precondition(count * rows * columns == bytes.count, "the images' size does not fit")
    self.count = count
    self.rows = rows
    self.columns = columns
    self.bytes = bytes
  }

  init(count: Int, shape: ImageShape, bytes: [UInt8]) {
    self.init(count: count, rows: shape.rows, columns: shape.columns, bytes: bytes)
  }

  /// The bytes of one image.
  package subscript(number: Int) -> ArraySlice<UInt8> {
    let size = rows * columns
    return bytes[(number * size)..<((number + 1) * size)]
  }
}

extension NamedArrays {
  /// Adds images: [n, 784] where they are 28 × 28, as before there were others, else
  /// [n, rows, columns].
  package mutating func set(_ name: String, _ images: PicturedImages) {
    let isUsual = images.rows == ImageShape.mnist.rows && images.columns == ImageShape.mnist.columns
    set(
      name,
      shape: isUsual
        ? [images.count, ImageShape.mnist.pixels] : [images.count, images.rows, images.columns],
      .bytes(images.bytes))
  }

  /// The images of a name; nil where there is no array of that form.
  package func images(_ name: String) -> PicturedImages? {
    if let usual = bytes(name, rank: 2) {
      guard usual.shape[1] == ImageShape.mnist.pixels else { return nil }
      return PicturedImages(count: usual.shape[0], shape: .mnist, bytes: usual.values)
    }
    let sides = 1...ImageShape.largestSide
    guard let other = bytes(name, rank: 3), other.shape.dropFirst().allSatisfy(sides.contains)
    else { return nil }
    return PicturedImages(
      count: other.shape[0], rows: other.shape[1], columns: other.shape[2], bytes: other.values)
  }
}
