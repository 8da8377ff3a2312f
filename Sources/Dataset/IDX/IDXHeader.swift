/// The header of an IDX file, checked against what the file must hold.
///
/// Layout (LeCun, Cortes, Burges): magic, then one unsigned 32-bit count per dimension, all
/// big-endian, then the bytes with the last dimension running fastest. Images have the dimensions
/// count, rows, columns; one more that says 1, for their channel, may stand before or behind the
/// rows and columns and moves no byte.
package struct IDXHeader: Equatable, Sendable {
  package let file: IDXFile
  /// Number of images or labels.
  package let count: Int
  /// Size of the images; that of one byte for labels.
  package let shape: ImageShape
  /// Bytes of the header itself.
  package let size: Int

  /// The most items a header may announce.
  package static let maximumCount = 1_000_000
  /// The most bytes of items a header may announce (a million images of 28 × 28): with the count it
  /// bounds what a hostile header or a decompression bomb can make this program write or allocate.
  package static let maximumBytes = 784_000_000

  /// Bytes of the whole file, header and all.
  package var fileSize: Int { size + count * shape.pixels }

  /// A header as this program writes it.
  package init(file: IDXFile, count: Int, shape: ImageShape = .mnist) {
    self.init(
      file: file, count: count,
      shape: file.holdsImages ? shape : ImageShape(rows: 1, columns: 1),
      size: file.shortestHeader)
  }

  private init(file: IDXFile, count: Int, shape: ImageShape, size: Int) {
    self.file = file
    self.count = count
    self.shape = shape
    self.size = size
  }

  /// Reads the header at the start of `bytes`; what follows it is not looked at.
  ///
  /// - Parameter path: Named in the error.
  package static func parse(
    _ bytes: Span<UInt8>, as file: IDXFile, path: String
  ) throws(DatasetError) -> IDXHeader {
    let action = "reading \(path)"
    let magic = try IDXMagic(bytes, as: file, action: action)
    guard bytes.count >= magic.headerSize else {
      throw DatasetError(
        .truncated, action,
        problem: "it ends after \(bytes.count) bytes, inside its \(magic.headerSize)-byte header",
        advice: "get a complete copy of \(file.name)")
    }
    let sizes = (1...magic.dimensions).map { Int(bigEndian(bytes, at: 4 * $0)) }
    let shape = try imageShape(sizes, action: action)
    let count = sizes[0]
    guard count >= file.fewestItems else {
      throw DatasetError(
        .wrongDimensions, action,
        problem: "its header announces \(count == 0 ? "no items" : "one item")",
        advice: "give it at least \(file.fewestItems == 1 ? "one" : "two: variances are over them")"
      )
    }
    guard count <= maximumCount, count * shape.pixels <= maximumBytes else {
      let sizes =
        file.holdsImages ? "\(count) items of \(shape.pixels) bytes" : "\(count) items"
      throw DatasetError(
        .tooLarge, action, problem: "its header announces \(sizes)",
        advice:
          "at most \(maximumCount) items and \(maximumBytes) bytes are accepted: check that the "
          + "file is intact and its counts big-endian")
    }
    return IDXHeader(file: file, count: count, shape: shape, size: magic.headerSize)
  }

  /// Rows and columns from a header's dimensions, the first of which counts the items.
  private static func imageShape(
    _ sizes: [Int], action: String
  ) throws(DatasetError) -> ImageShape {
    var sides = Array(sizes.dropFirst())
    if sides.isEmpty { return ImageShape(rows: 1, columns: 1) }
    let isSwapped = sides.map { Int(UInt32($0).byteSwapped) }.fit && !sides.fit
    guard !isSwapped else {
      throw DatasetError(
        .wrongDimensions, action,
        problem: "its images are \(sides.map(String.init).joined(separator: " × ")) pixels",
        advice: "its sizes are little-endian: write them in big-endian order, as IDX has them")
    }
    if sides.count == 3 {
      // The channel stands last, or before rows and columns.
      guard let channel = sides.last == 1 ? 2 : sides.firstIndex(of: 1), channel != 1 else {
        throw DatasetError(
          .wrongDimensions, action,
          problem: "its images are \(sides.map(String.init).joined(separator: " × "))",
          advice: "this program trains on grey images of one channel: convert them")
      }
      sides.remove(at: channel)
    }
    let shape = ImageShape(rows: sides[0], columns: sides[1])
    guard shape.rows > 0, shape.columns > 0 else {
      throw DatasetError(
        .wrongDimensions, action, problem: "its images are \(shape) pixels, which is none",
        advice: "give them at least one row and one column")
    }
    guard sides.fit else {
      let most = ImageShape(rows: ImageShape.largestSide, columns: ImageShape.largestSide)
      throw DatasetError(
        .wrongDimensions, action, problem: "its images are \(shape) pixels",
        advice: "at most \(most) are accepted: resize them")
    }
    return shape
  }

  /// The bytes of a header as this program writes it.
  package var encoded: [UInt8] {
    var words = [file.magic, UInt32(count)]
    if file.holdsImages { words += [UInt32(shape.rows), UInt32(shape.columns)] }
    return words.flatMap { word in
      [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> UInt32($0)) }
    }
  }

  /// Throws unless images and labels come in equal numbers.
  package static func requireEqualCounts(
    images: IDXHeader, labels: IDXHeader, path: String
  ) throws(DatasetError) {
    guard images.count == labels.count else {
      throw DatasetError(
        .countsDiffer, "reading \(path)",
        problem: "\(images.count) images but \(labels.count) labels",
        advice: "take both files from the same dataset")
    }
  }

  /// Throws unless training and test images are of one size.
  package static func requireEqualShapes(
    train: IDXHeader, test: IDXHeader, path: String
  ) throws(DatasetError) {
    guard train.shape == test.shape else {
      throw DatasetError(
        .wrongDimensions, "reading \(path)",
        problem: "the test images are \(test.shape) pixels, the training images \(train.shape)",
        advice: "take both files from the same dataset, or resize one of them")
    }
  }
}

extension [Int] {
  /// Whether they may be the rows and columns, and the channel, of images.
  fileprivate var fit: Bool { allSatisfy((1...ImageShape.largestSide).contains) }
}

/// The 32-bit number at `offset`.
func bigEndian(_ bytes: Span<UInt8>, at offset: Int) -> UInt32 {
  UInt32(bytes[offset]) << 24 | UInt32(bytes[offset + 1]) << 16
    | UInt32(bytes[offset + 2]) << 8 | UInt32(bytes[offset + 3])
}
