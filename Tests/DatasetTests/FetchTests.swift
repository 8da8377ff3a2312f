import Dataset
import TestSupport
import Testing

@Suite("Fetching by checksum", Requirement.program("curl"))
struct FetchTests {
  @Test("MNIST comes from a mirror, is verified, and is not fetched twice", Requirement.mnist)
  func mirror() throws {
    let temporary = try TemporaryFolder()
    let folders = temporary.folders(
      environment: ["VAESWEEP_MIRROR": "file://\(try #require(MNIST.folder))"])
    var lines: [String] = []
    let prepared = try prepareDataset(.mnist, folders: folders, allowFetch: true) {
      lines.append($0)
    }
    #expect(prepared.digest == MNIST.digest)
    #expect(temporary.names(in: "vaesweep/mnist").count == 4)
    // An interrupted fetch goes on with what is missing.
    Machine.run("rm", temporary["vaesweep/mnist/t10k-labels-idx1-ubyte.gz"])
    lines = []
    let again = try prepareDataset(.mnist, folders: folders, allowFetch: true) { lines.append($0) }
    #expect(again == prepared)
    #expect(lines.allSatisfy { !$0.contains("train") })
    lines = []
    #expect(
      try prepareDataset(.mnist, folders: folders, allowFetch: true) { lines.append($0) }
        == prepared)
    #expect(lines == [])
  }

  @Test(
    "What a mirror serves under a wrong checksum is not kept",
    arguments: [
      DatasetName.mnist, .fashionMNIST,
    ])
  func mismatch(name: DatasetName) throws {
    let temporary = try TemporaryFolder()
    let mirror = try temporary.writeDataset(
      IDXBytes.dataset().map(Gzip.stored), to: "mirror/\(name)"
    ) { "\($0.name).gz" }
    let folders = temporary.folders(environment: ["VAESWEEP_MIRROR": "file://\(mirror)/.."])
    let error = datasetError {
      _ = try prepareDataset(name, folders: folders, allowFetch: true) { _ in }
    }
    #expect(error?.kind == .unavailable)
    #expect(error?.description.contains("expected SHA-256") == true)
    #expect(temporary.names(in: "vaesweep/\(name)") == [])
  }

  /// Two addresses: `mirror/mnist`, which the test spoils, then `mirror`, the real files.
  private func mirrors() throws -> (TemporaryFolder, DataFolders) {
    let temporary = try TemporaryFolder()
    for file in IDXFile.allCases {
      let archive = "\(file.name).gz"
      try temporary.write([], to: "mirror/\(archive)")
      Machine.run("cp", "\(try #require(MNIST.folder))/\(archive)", temporary["mirror"])
    }
    let mirror = "file://\(temporary["mirror"])"
    return (temporary, temporary.folders(environment: ["VAESWEEP_MIRROR": mirror]))
  }

  static let spoilt: [[UInt8]] = [
    Array("<html><body>Please log in.</body></html>".utf8), [], [0x1f, 0x8b, 8, 0, 0],
    Gzip.stored(IDXBytes.images(12)), Gzip.stored(IDXBytes.labels(12)).dropLast(4),
  ]

  @Test(
    "A source that gives something else is followed by the next", Requirement.mnist,
    arguments: spoilt)
  func nextSource(bytes: [UInt8]) throws {
    let (temporary, folders) = try mirrors()
    for file in IDXFile.allCases { try temporary.write(bytes, to: "mirror/mnist/\(file.name).gz") }
    var lines: [String] = []
    let prepared = try prepareDataset(.mnist, folders: folders, allowFetch: true) {
      lines.append($0)
    }
    #expect(prepared.digest == MNIST.digest)
    // The one that did better is asked first from then on.
    #expect(lines.count { $0.hasPrefix("fetching") } == 5)
    #expect(lines.count { $0.contains("mirror/mnist/") } == 1)
  }

  @Test(
    "Where no source gives the right bytes each is named with its fault, and no other file",
    arguments: spoilt)
  func noSource(bytes: [UInt8]) throws {
    let temporary = try TemporaryFolder()
    try temporary.write(bytes, to: "mirror/mnist/train-images-idx3-ubyte.gz")
    let mirror = "file://\(temporary["mirror"])"
    try temporary.write([0, 0, 8, 3], to: "data/mnist/train-images-idx3-ubyte")
    let folders = temporary.folders(
      environment: ["VAESWEEP_MIRROR": mirror, "VAESWEEP_DATA": temporary["data"]])
    let error = datasetError {
      _ = try prepareDataset(.mnist, folders: folders, allowFetch: true) { _ in }
    }
    #expect(error?.kind == .unavailable)
    let message = error?.description ?? ""
    for text in [
      "\(temporary["data"])/mnist: missing",
      "; \(mirror)/mnist/train-images-idx3-ubyte.gz: ", "; \(mirror)/train-images-idx3-ubyte.gz: ",
      "VAESWEEP_MIRROR",
    ] {
      #expect(message.contains(text), "\(message)")
    }
    #expect(!message.contains("vaesweep/mnist/."), "\(message)")
    #expect(!message.contains("\n"))
    #expect(temporary.names(in: "vaesweep/mnist") == [])
  }

  @Test(
    "A damaged file in the cache is fetched again, and only that one", Requirement.mnist,
    arguments: spoilt)
  func damaged(bytes: [UInt8]) throws {
    let (temporary, folders) = try mirrors()
    let first = try prepareDataset(.mnist, folders: folders, allowFetch: true) { _ in }
    Machine.run("rm", first.cacheFile)
    try temporary.write(bytes, to: "vaesweep/mnist/t10k-images-idx3-ubyte.gz")
    var lines: [String] = []
    // Without the network it is said what would help.
    let error = datasetError {
      _ = try prepareDataset(.mnist, folders: folders, allowFetch: false) { _ in }
    }
    #expect(error?.description.contains("vaesweep data fetch mnist") == true)
    #expect(
      try prepareDataset(.mnist, folders: folders, allowFetch: true) { lines.append($0) } == first)
    #expect(lines.count { $0.contains("t10k-images-idx3-ubyte.gz is damaged") } == 1)
    #expect(!lines.contains { $0.hasPrefix("fetching") && $0.contains("train-") })
  }

  @Test("A damaged folder of the environment is the next source's turn", Requirement.mnist)
  func environment() throws {
    let (temporary, _) = try mirrors()
    try temporary.write([0, 0, 8, 3], to: "data/train-images-idx3-ubyte")
    let folders = temporary.folders(
      environment: [
        "VAESWEEP_DATA": temporary["data"], "VAESWEEP_MIRROR": "file://\(temporary["mirror"])",
      ])
    var lines: [String] = []
    let prepared = try prepareDataset(.mnist, folders: folders, allowFetch: true) {
      lines.append($0)
    }
    #expect(prepared.digest == MNIST.digest)
    #expect(lines.first?.contains("looking further") == true)
  }

  @Test("Nothing listening is told, with what else can be done")
  func offline() throws {
    let temporary = try TemporaryFolder()
    let folders = temporary.folders(environment: ["VAESWEEP_MIRROR": "http://127.0.0.1:1"])
    let error = datasetError {
      _ = try prepareDataset(.mnist, folders: folders, allowFetch: true) { _ in }
    }
    #expect(error?.kind == .unavailable)
    for text in ["VAESWEEP_MIRROR", "--data", "digits"] {
      #expect(error?.description.contains(text) == true)
    }
    #expect(temporary.cached == ["mnist"])
    #expect(temporary.names(in: "vaesweep/mnist") == [])
  }
}
