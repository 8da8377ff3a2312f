/// Where the four files lie in a cache file, which is their plain concatenation.
package struct IDXLayout: Equatable, Sendable {
  package let shape: ImageShape
  /// Of the items of each file, in the order of `IDXFile`.
  private let bodies: [Range<Int>]

  package var trainCount: Int { bodies[IDXFile.trainLabels.rawValue].count }
  package var testCount: Int { bodies[IDXFile.testLabels.rawValue].count }

  /// Finds the four headers and checks that they and the bytes they announce fill `bytes` exactly,
  /// that counts agree, and that all images are of one size.
  ///
  /// Copies nothing; neither pixels nor labels are read.
  package static func parse(_ bytes: Span<UInt8>, path: String) throws(DatasetError) -> IDXLayout {
    var headers: [IDXHeader] = []
    var bodies: [Range<Int>] = []
    var end = 0
    for file in IDXFile.allCases {
      let header = try IDXHeader.parse(
        bytes.extracting(droppingFirst: end), as: file, path: path)
      headers.append(header)
      bodies.append(end + header.size..<end + header.fileSize)
      end += header.fileSize
      guard end <= bytes.count else {
        throw DatasetError(
          .truncated, "reading \(path)",
          problem: "its \(file.name) should end at byte \(end), but it has \(bytes.count) bytes",
          advice: "delete it; it will be made anew")
      }
      try IDXHeader.requireAgreement(headers, path: path)
    }
    guard end == bytes.count else {
      throw DatasetError(
        .trailingBytes, "reading \(path)",
        problem: "\(bytes.count - end) bytes follow its last label",
        advice: "delete it; it will be made anew")
    }
    return IDXLayout(shape: headers[0].shape, bodies: bodies)
  }

  /// The range of the images' or labels' bytes, without their header.
  package func body(of file: IDXFile) -> Range<Int> { bodies[file.rawValue] }

  /// Bytes of a cache file as this program generates it.
  package static func size(
    trainCount: Int, testCount: Int, shape: ImageShape = .mnist
  ) -> Int {
    [
      (IDXFile.trainImages, trainCount), (.trainLabels, trainCount), (.testImages, testCount),
      (.testLabels, testCount),
    ].reduce(0) { $0 + IDXHeader(file: $1.0, count: $1.1, shape: shape).fileSize }
  }

  /// The most bytes a cache file can have.
  package static let maximumSize = IDXFile.allCases.reduce(0) { sum, file in
    let items = file.holdsImages ? IDXHeader.maximumBytes : IDXHeader.maximumCount
    return sum + file.longestHeader + items
  }
}

extension IDXHeader {
  /// Checks the last of `headers`, in the order of `IDXFile`, against those before it.
  static func requireAgreement(
    _ headers: [IDXHeader], path: String
  ) throws(DatasetError) {
    guard let last = headers.last else { return }
    if !last.file.holdsImages {
      try requireEqualCounts(images: headers[headers.count - 2], labels: last, path: path)
    } else if let first = headers.first {
      try requireEqualShapes(train: first, test: last, path: path)
    }
  }
}
