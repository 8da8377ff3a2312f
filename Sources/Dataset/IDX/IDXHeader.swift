/// The header of an IDX file, checked against what the file must hold.
///
/// Layout (LeCun, Cortes, Burges): magic, then one unsigned 32-bit count per dimension, all
/// big-endian, then the bytes with the last dimension running fastest.
package struct IDXHeader: Equatable, Sendable {
  package let file: IDXFile
  /// Number of images or labels.
  package let count: Int

  /// The most items a header may announce: bounds what a hostile header or a decompression bomb
  /// can make this program write or allocate (784 MB).
  package static let maximumCount = 1_000_000

  /// Bytes of the whole file, header and all.
  package var fileSize: Int { file.headerSize + count * file.itemSize }

  package init(file: IDXFile, count: Int) {
    self.file = file
    self.count = count
  }

  /// Reads the header at the start of `bytes`; what follows it is not looked at.
  ///
  /// - Parameter path: Named in the error.
  package static func parse(
    _ bytes: Span<UInt8>, as file: IDXFile, path: String
  ) throws(DatasetError) -> IDXHeader {
    let action = "reading \(path)"
    guard bytes.count >= file.headerSize else {
      throw DatasetError(
        .truncated, action,
        problem: "it ends after \(bytes.count) bytes, inside its \(file.headerSize)-byte header",
        advice: "get a complete copy of \(file.name)")
    }
    let magic = bigEndian(bytes, at: 0)
    guard magic == file.magic else {
      throw DatasetError(
        .wrongMagic, action,
        problem: "it starts with \(hex(magic)), expected \(hex(file.magic))",
        advice: "it is not an IDX file of \(file.holdsImages ? "images" : "labels"): replace it")
    }
    let count = Int(bigEndian(bytes, at: 4))
    if file.holdsImages {
      let rows = bigEndian(bytes, at: 8)
      let columns = bigEndian(bytes, at: 12)
      guard rows == UInt32(ImageSet.side), columns == UInt32(ImageSet.side) else {
        throw DatasetError(
          .wrongDimensions, action, problem: "its images are \(rows) × \(columns) pixels",
          advice: "this program trains on 28 × 28 only: resize them")
      }
    }
    guard count > 0 else {
      throw DatasetError(
        .wrongDimensions, action, problem: "its header announces no items",
        advice: "give it at least one")
    }
    guard count <= maximumCount else {
      throw DatasetError(
        .tooLarge, action, problem: "its header announces \(count) items",
        advice: "at most \(maximumCount) are accepted: check that the file is intact")
    }
    return IDXHeader(file: file, count: count)
  }

  /// The header's bytes as they stand in the file.
  package var encoded: [UInt8] {
    var words = [file.magic, UInt32(count)]
    if file.holdsImages { words += [UInt32(ImageSet.side), UInt32(ImageSet.side)] }
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

  /// Throws when one of `labels` is above 9; `first` is the index of the first of them.
  package static func requireValidLabels(
    _ labels: Span<UInt8>, first: Int, path: String
  ) throws(DatasetError) {
    for index in labels.indices where labels[index] > 9 {
      throw DatasetError(
        .labelOutOfRange, "reading \(path)",
        problem: "label \(first + index) is \(labels[index]), expected 0 to 9",
        advice: "get an intact copy, or relabel it with ten classes")
    }
  }
}

private func bigEndian(_ bytes: Span<UInt8>, at offset: Int) -> UInt32 {
  UInt32(bytes[offset]) << 24 | UInt32(bytes[offset + 1]) << 16
    | UInt32(bytes[offset + 2]) << 8 | UInt32(bytes[offset + 3])
}

private func hex(_ word: UInt32) -> String {
  let digits = String(word, radix: 16, uppercase: false)
  return "0x" + String(repeating: "0", count: 8 - digits.count) + digits
}
