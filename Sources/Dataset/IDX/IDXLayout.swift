/// Where the four files lie in a cache file, which is their plain concatenation.
package struct IDXLayout: Equatable, Sendable {
  package let trainCount: Int
  package let testCount: Int
  /// One per file, in the order of `IDXFile`.
  private let offsets: [Int]

  /// Finds the four headers and checks that they and the bytes they announce fill `bytes` exactly,
  /// that counts agree and that labels are 0 to 9.
  ///
  /// Copies nothing; the pixels are not read.
  package static func parse(_ bytes: Span<UInt8>, path: String) throws(DatasetError) -> IDXLayout {
    var headers: [IDXHeader] = []
    var offsets: [Int] = []
    var end = 0
    for file in IDXFile.allCases {
      let header = try IDXHeader.parse(
        bytes.extracting(droppingFirst: end), as: file, path: path)
      offsets.append(end)
      headers.append(header)
      end += header.fileSize
      guard end <= bytes.count else {
        throw DatasetError(
          .truncated, "reading \(path)",
          problem: "its \(file.name) should end at byte \(end), but it has \(bytes.count) bytes",
          advice: "delete it; it will be made anew")
      }
      if !file.holdsImages {
        try IDXHeader.requireEqualCounts(
          images: headers[file.rawValue - 1], labels: header, path: path)
        try IDXHeader.requireValidLabels(
          bytes.extracting(end - header.count..<end), first: 0, path: path)
      }
    }
    guard end == bytes.count else {
      throw DatasetError(
        .trailingBytes, "reading \(path)",
        problem: "\(bytes.count - end) bytes follow its last label",
        advice: "delete it; it will be made anew")
    }
    return IDXLayout(
      trainCount: headers[IDXFile.trainImages.rawValue].count,
      testCount: headers[IDXFile.testImages.rawValue].count, offsets: offsets)
  }

  /// The range of the images' or labels' bytes, without their header.
  package func body(of file: IDXFile) -> Range<Int> {
    let count = file.rawValue < IDXFile.testImages.rawValue ? trainCount : testCount
    let start = offsets[file.rawValue] + file.headerSize
    return start..<start + count * file.itemSize
  }

  /// Bytes of a cache file with these counts.
  package static func size(trainCount: Int, testCount: Int) -> Int {
    let headers = IDXFile.allCases.reduce(0) { $0 + $1.headerSize }
    return headers + (trainCount + testCount) * (ImageSet.pixelsPerImage + 1)
  }

  /// The most bytes a cache file can have.
  package static let maximumSize = size(
    trainCount: IDXHeader.maximumCount, testCount: IDXHeader.maximumCount)
}
