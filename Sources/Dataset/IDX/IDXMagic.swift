/// The first four bytes of an IDX file: two zeros, the type of its items, the number of its
/// dimensions.
struct IDXMagic {
  let dimensions: Int

  var headerSize: Int { 4 + 4 * dimensions }

  /// Reads it at the start of `bytes`.
  ///
  /// - Parameter action: What is being done, for the error, which says what the file seems to be.
  init(_ bytes: Span<UInt8>, as file: IDXFile, action: String) throws(DatasetError) {
    guard bytes.count >= 4 else {
      throw DatasetError(
        .truncated, action,
        problem:
          "it ends after \(bytes.count) bytes, inside its \(file.shortestHeader)-byte header",
        advice: "get a complete copy of \(file.name)")
    }
    let word = bigEndian(bytes, at: 0)
    let isAccepted =
      file.holdsImages ? [0x803, 0x804].contains(word) : word == file.magic
    guard isAccepted else {
      let (kind, advice) = Self.explain(word, bytes, file)
      throw DatasetError(
        .wrongMagic, action,
        problem: "it starts with \(hex(word))\(kind), expected \(hex(file.magic))", advice: advice)
    }
    dimensions = Int(word & 0xff)
  }

  /// What a file is that starts with `word`, and what to do with it.
  private static func explain(
    _ word: UInt32, _ bytes: Span<UInt8>, _ file: IDXFile
  ) -> (kind: String, advice: String) {
    let items = file.holdsImages ? "images" : "labels"
    if let text = startOfText(bytes) {
      return (" (text: '\(text)')", "it is not an IDX file of \(items): replace it")
    }
    if word.byteSwapped >> 16 == 0, itemTypes[word.byteSwapped >> 8] != nil {
      return (
        " (little-endian)", "write its numbers in big-endian order, as IDX has them"
      )
    }
    guard word >> 16 == 0, let type = itemTypes[word >> 8] else {
      return ("", "it is not an IDX file of \(items): replace it")
    }
    if word >> 8 != 8 {
      let most = file.holdsImages ? "" : ", which tell at most 256 classes apart"
      return (
        " (\(type))", "this program reads unsigned bytes\(most): convert its items to them"
      )
    }
    switch (word & 0xff, file.holdsImages) {
    case (1, true): return (" (labels)", "it is not an IDX file of images: replace it")
    case (2, true):
      return (
        " (rows of pixels without a shape)", "write images as count × rows × columns"
      )
    case (3...4, false): return (" (images)", "it is not an IDX file of labels: replace it")
    case (let dimensions, _):
      return (" (\(dimensions) dimensions)", "write \(items) as \(hex(file.magic)) announces them")
    }
  }

  /// What the third byte says of the items.
  private static let itemTypes: [UInt32: String] = [
    0x08: "unsigned bytes", 0x09: "signed bytes", 0x0b: "16-bit integers",
    0x0c: "32-bit integers", 0x0d: "32-bit floats", 0x0e: "64-bit floats",
  ]

  /// The first characters, where the bytes begin as a text does, as a web page in place of a file.
  private static func startOfText(_ bytes: Span<UInt8>) -> String? {
    let start = (0..<min(bytes.count, 16)).map { bytes[$0] }
    // Blank lines may stand before a page.
    let isText = start.allSatisfy { (0x20...0x7e).contains($0) || [9, 10, 13].contains($0) }
    guard isText else { return nil }
    return String(decoding: start.map { $0 < 0x20 ? 0x20 : $0 }, as: UTF8.self)
  }
}

private func hex(_ word: UInt32) -> String {
  let digits = String(word, radix: 16, uppercase: false)
  return "0x" + String(repeating: "0", count: 8 - digits.count) + digits
}
