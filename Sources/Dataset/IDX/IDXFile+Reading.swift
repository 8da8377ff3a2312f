import Glibc

extension IDXFile {
  /// Reads and checks the header of the file at `path` alone.
  func header(of path: String) throws(DatasetError) -> IDXHeader {
    let source = try GzipSource(opening: path)
    let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: longestHeader)
    defer { buffer.deallocate() }
    let count = try source.read(into: buffer)
    return try IDXHeader.parse(
      Span(_unsafeElements: UnsafeBufferPointer(rebasing: buffer[..<count])), as: self, path: path)
  }

  /// Reads the file at `path`, plain or gzip, in pieces, and hands every byte of it, header first,
  /// to `consume`.
  ///
  /// The header is checked before anything else is read, so that what follows is bounded by its
  /// count whatever a compressed file may hold. Nothing may follow the last item.
  ///
  /// - Returns: The header.
  package func read(
    _ path: String, into consume: (UnsafeRawBufferPointer) throws(DatasetError) -> Void
  ) throws(DatasetError) -> IDXHeader {
    let source = try GzipSource(opening: path)
    let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1 << 18)
    defer { buffer.deallocate() }

    // As much as the longest header: the first pixels may come along.
    let start = try source.read(into: .init(rebasing: buffer[..<longestHeader]))
    let header = try IDXHeader.parse(
      Span(_unsafeElements: UnsafeBufferPointer(rebasing: buffer[..<start])), as: self, path: path)
    try consume(
      UnsafeRawBufferPointer(
        rebasing: UnsafeRawBufferPointer(buffer)[..<min(start, header.fileSize)]))

    var remaining = header.fileSize - start
    while remaining > 0 {
      let wanted = min(remaining, buffer.count)
      let got = try source.read(into: .init(rebasing: buffer[..<wanted]))
      try consume(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: buffer[..<got])))
      remaining -= got
      guard got == wanted else {
        throw DatasetError(
          .truncated, "reading \(path)",
          problem: "\(remaining) of the \(header.fileSize) bytes its header announces are missing",
          advice: "get a complete copy")
      }
    }
    guard remaining == 0, try source.read(into: .init(rebasing: buffer[..<1])) == 0 else {
      throw DatasetError(
        .trailingBytes, "reading \(path)",
        problem: "bytes follow the last of the \(header.count) items its header announces",
        advice: "get an intact copy")
    }
    return header
  }
}
