import Dataset
import TestSupport
import Testing

/// A folder of IDX files with one thing wrong.
struct BadInput: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let kind: DatasetError.Kind
  /// What the message must say.
  let says: [String]
  let file: IDXFile
  /// The file's bytes; nil when there is none.
  let bytes: [UInt8]?
  var name: String?

  static let all: [BadInput] = [
    BadInput(
      testDescription: "a missing file", kind: .missing, says: ["train-labels-idx1-ubyte", ".gz"],
      file: .trainLabels, bytes: nil),
    BadInput(
      testDescription: "an empty file", kind: .truncated, says: ["0 bytes"],
      file: .trainImages, bytes: []),
    BadInput(
      testDescription: "a header cut short", kind: .truncated,
      says: ["15 bytes", "16-byte header"],
      file: .trainImages, bytes: Array(IDXBytes.images(1).prefix(15))),
    BadInput(
      testDescription: "images cut short", kind: .truncated, says: ["1 of the 9424 bytes"],
      file: .trainImages, bytes: IDXBytes.images(12).dropLast()),
    BadInput(
      testDescription: "labels in place of images", kind: .wrongMagic,
      says: ["0x00000801", "0x00000803"], file: .testImages, bytes: IDXBytes.labels(20)),
    BadInput(
      testDescription: "floats in place of bytes", kind: .wrongMagic, says: ["0x00000d03"],
      file: .trainImages, bytes: IDXBytes.header(0xD03, 12, 28, 28)),
    BadInput(
      testDescription: "a web page", kind: .wrongMagic,
      says: ["text: '<!DOCTYP", "replace"], file: .trainLabels,
      bytes: Array("<!DOCTYPE html><title>Log in</title>".utf8)),
    BadInput(
      testDescription: "little-endian numbers", kind: .wrongMagic, says: ["big-endian"],
      file: .trainImages, bytes: [3, 8, 0, 0, 12, 0, 0, 0, 28, 0, 0, 0, 28, 0, 0, 0]),
    BadInput(
      testDescription: "little-endian sizes", kind: .wrongDimensions, says: ["big-endian"],
      file: .trainImages, bytes: [0, 0, 8, 3, 12, 0, 0, 0, 28, 0, 0, 0, 28, 0, 0, 0]),
    BadInput(
      testDescription: "images without rows", kind: .wrongMagic,
      says: ["count × rows × columns"], file: .trainImages, bytes: IDXBytes.header(0x802, 12, 784)),
    BadInput(
      testDescription: "labels as integers", kind: .wrongMagic,
      says: ["32-bit integers", "at most 256 classes", "convert"], file: .trainLabels,
      bytes: IDXBytes.header(0xC02, 12, 8)
    ),
    BadInput(
      testDescription: "coloured images", kind: .wrongDimensions, says: ["28 × 28 × 3", "grey"],
      file: .trainImages, bytes: IDXBytes.header(0x804, 12, 28, 28, 3)),
    BadInput(
      testDescription: "images of 65 × 28", kind: .wrongDimensions,
      says: ["65 × 28", "64 × 64", "resize"],
      file: .trainImages, bytes: IDXBytes.header(0x803, 12, 65, 28)),
    BadInput(
      testDescription: "images of 28 × 65", kind: .wrongDimensions, says: ["28 × 65", "64 × 64"],
      file: .testImages, bytes: IDXBytes.header(0x803, 5, 28, 65)),
    BadInput(
      testDescription: "images of 14 × 0", kind: .wrongDimensions, says: ["14 × 0"],
      file: .trainImages, bytes: IDXBytes.header(0x803, 12, 14, 0)),
    BadInput(
      testDescription: "coloured images, channel first", kind: .wrongDimensions,
      says: ["3 × 14 × 10", "grey"], file: .trainImages,
      bytes: IDXBytes.header(0x804, 12, 3, 14, 10)),
    BadInput(
      testDescription: "five dimensions", kind: .wrongMagic, says: ["5 dimensions", "0x00000803"],
      file: .trainImages, bytes: IDXBytes.header(0x805, 12, 1, 14, 10) + [0, 0, 0, 1]),
    BadInput(
      testDescription: "labels of two dimensions", kind: .wrongMagic,
      says: ["2 dimensions", "0x00000801"], file: .testLabels, bytes: IDXBytes.header(0x802, 5, 1)),
    BadInput(
      testDescription: "little-endian sizes of four dimensions", kind: .wrongDimensions,
      says: ["big-endian"], file: .trainImages,
      bytes: [0, 0, 8, 4, 12, 0, 0, 0, 14, 0, 0, 0, 10, 0, 0, 0, 1, 0, 0, 0]),
    BadInput(
      testDescription: "images without pixels", kind: .wrongDimensions,
      says: ["0 × 28", "none", "at least one row"],
      file: .trainImages, bytes: IDXBytes.header(0x803, 12, 0, 28)),
    BadInput(
      testDescription: "test images of another size", kind: .wrongDimensions,
      says: ["32 × 28", "28 × 28", "same dataset"],
      file: .testImages, bytes: IDXBytes.images(5, 32, 28)),
    BadInput(
      testDescription: "more bytes than a million images of 28 × 28", kind: .tooLarge,
      says: ["4096 bytes"], file: .trainImages, bytes: IDXBytes.header(0x803, 1_000_000, 64, 64)),
    BadInput(
      testDescription: "no images", kind: .wrongDimensions, says: ["no items"],
      file: .trainImages, bytes: IDXBytes.images(0)),
    BadInput(
      testDescription: "one test image", kind: .wrongDimensions,
      says: ["one item", "at least two"],
      file: .testImages, bytes: IDXBytes.images(1)),
    BadInput(
      testDescription: "fewer labels than images", kind: .countsDiffer,
      says: ["12 images", "11 labels"], file: .trainLabels, bytes: IDXBytes.labels(11)),
    BadInput(
      testDescription: "trailing bytes", kind: .trailingBytes, says: ["12 items"],
      file: .trainImages, bytes: IDXBytes.images(12) + [0]),
    BadInput(
      testDescription: "a header that announces four billion", kind: .tooLarge,
      says: ["4294967295"], file: .trainImages, bytes: IDXBytes.header(0x803, .max, 28, 28)),
    BadInput(
      testDescription: "a bomb: more decompressed than announced", kind: .trailingBytes,
      says: ["12 items"], file: .trainImages,
      bytes: Gzip.stored(IDXBytes.images(12) + [UInt8](repeating: 0, count: 1 << 20)),
      name: "train-images-idx3-ubyte.gz"),
    BadInput(
      testDescription: "gzip cut short", kind: .truncated, says: ["decompressing"],
      file: .trainImages, bytes: Gzip.stored(IDXBytes.images(12)).dropLast(100),
      name: "train-images-idx3-ubyte.gz"),
    BadInput(
      testDescription: "gzip with a wrong checksum", kind: .corruptGzip, says: ["decompressing"],
      file: .trainImages,
      bytes: Gzip.stored(IDXBytes.images(12)).dropLast(8) + [0, 0, 0, 0]
        + Gzip.stored(IDXBytes.images(12)).suffix(4), name: "train-images-idx3-ubyte.gz"),
  ]
}

@Suite("Bad IDX files")
struct BadInputTests {
  @Test(
    "are refused by kind, with the file's path and nothing left behind", arguments: BadInput.all)
  func refused(_ input: BadInput) throws {
    let temporary = try TemporaryFolder()
    try temporary.writeDataset(to: "data")
    let target = "data/\(input.name ?? input.file.name)"
    Machine.run("rm", temporary["data/\(input.file.name)"])
    if let bytes = input.bytes { try temporary.write(bytes, to: target) }

    let error = datasetError {
      _ = try prepareDataset(
        .folder(temporary["data"]), folders: temporary.folders(), allowFetch: false
      ) { _ in }
    }
    #expect(error?.kind == input.kind)
    let message = error?.description ?? ""
    for text in input.says + [temporary["data"], input.file.name] {
      #expect(message.contains(text), "\(message)")
    }
    #expect(!message.contains("\n"))
    #expect(temporary.cached == [])
  }

  @Test("A folder without any IDX file names all that was looked for")
  func nothing() throws {
    let temporary = try TemporaryFolder()
    let error = datasetError {
      _ = try prepareDataset(
        .mnist, folders: temporary.folders(explicit: temporary.path), allowFetch: false
      ) { _ in }
    }
    #expect(error?.kind == .missing)
    let names = ["train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"]
    for text in names + [temporary.path, "--data", "digits"] {
      #expect(error?.description.contains(text) == true)
    }
  }

  @Test("A folder in place of a file is unreadable")
  func folderForFile() throws {
    let temporary = try TemporaryFolder()
    try temporary.writeDataset(to: "data")
    Machine.run("rm", temporary["data/t10k-images-idx3-ubyte"])
    try temporary.write([], to: "data/t10k-images-idx3-ubyte/file")
    let error = datasetError {
      _ = try prepareDataset(
        .folder(temporary["data"]), folders: temporary.folders(), allowFetch: false
      ) { _ in }
    }
    #expect(error?.kind == .unreadable)
  }

  @Test("Any byte of a cache file may be wrong without a crash")
  func mutations() throws {
    let whole = IDXBytes.dataset(train: 2, test: 2).flatMap { $0 }
    _ = try IDXLayout.parse(whole.span, path: "whole")
    var generator = SystemRandomNumberGenerator()
    for round in 0..<20_000 {
      var bytes = whole
      if round % 3 == 0 { bytes.removeLast(Int.random(in: 0...bytes.count, using: &generator)) }
      for _ in 0..<3 where !bytes.isEmpty {
        let headers = [0..<min(16, bytes.count), 0..<bytes.count]
        let range = headers[Int.random(in: 0...1, using: &generator)]
        bytes[Int.random(in: range, using: &generator)] = UInt8.random(in: 0...255)
      }
      _ = datasetError { _ = try IDXLayout.parse(bytes.span, path: "mutated") }
    }
  }
}
