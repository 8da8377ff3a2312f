import Crypto
import Dataset
import TestSupport
import Testing

@Suite("Preparing a dataset")
struct PreparationTests {
  @Test("Real MNIST has its known digest and counts, and opens in place", Requirement.mnist)
  func mnist() throws {
    let temporary = try TemporaryFolder()
    let folders = temporary.folders(explicit: MNIST.folder)
    let prepared = try prepareDataset(.mnist, folders: folders, allowFetch: false) { _ in }
    #expect(prepared.digest == MNIST.digest)
    #expect(prepared.trainCount == 60_000)
    #expect(prepared.testCount == 10_000)
    let dataset = try Dataset.open(
      cacheFile: prepared.cacheFile, name: "mnist", verifyingDigest: true)
    #expect(Array(dataset.train.labels.prefix(5)) == [5, 0, 4, 1, 9])
    #expect(Array(dataset.test.labels.prefix(5)) == [7, 2, 1, 0, 4])
    let summary = try DatasetSummary(prepared)
    #expect(summary.train.classCounts[1] == 6742)
    #expect(abs(summary.train.meanPixel - 0.1307) < 1e-4)
    #expect(abs(summary.train.density - 0.191) < 1e-3)
  }

  @Test("Real MNIST is not taken for Fashion-MNIST", Requirement.mnist)
  func mistaken() throws {
    let temporary = try TemporaryFolder()
    let error = datasetError {
      _ = try prepareDataset(
        .fashionMNIST, folders: temporary.folders(explicit: MNIST.folder), allowFetch: false
      ) { _ in }
    }
    #expect(error?.kind == .otherDataset)
    #expect(error?.description.contains("what lies there is mnist") == true)
    // A folder for all sweeps may hold any of them, but is not called empty.
    let folder = try #require(MNIST.folder)
    let anywhere = datasetError {
      _ = try prepareDataset(
        .fashionMNIST, folders: temporary.folders(environment: ["VAESWEEP_DATA": folder]),
        allowFetch: false
      ) { _ in }
    }
    #expect(anywhere?.kind == .missing)
    #expect(
      anywhere?.description.contains("in \(folder) what lies there is mnist, and else none")
        == true, "\(anywhere?.description ?? "")")
  }

  @Test(
    "The digest is that of the four files in order, whatever their names and compression",
    arguments: ["-idx", ".idx"], [false, true])
  func digest(separator: String, compressed: Bool) throws {
    let temporary = try TemporaryFolder()
    let plain = IDXBytes.dataset()
    try temporary.writeDataset(
      compressed ? plain.map(Gzip.stored) : plain, to: "data"
    ) { file in
      file.name.split(separator: "-idx").joined(separator: separator) + (compressed ? ".gz" : "")
    }
    let prepared = try prepareDataset(
      .folder(temporary["data"]), folders: temporary.folders(), allowFetch: false
    ) { _ in }
    let expected = SHA256.hash(data: plain.flatMap { $0 })
    #expect(
      prepared.digest
        == expected.map { byte in
          String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
        }.joined())
    #expect(temporary.cached == ["\(prepared.digest).idx4"])
    let dataset = try prepared.open()
    #expect(Array(dataset.train.pixels) == Array(plain[0].dropFirst(16)))
    #expect(Array(dataset.test.labels) == Array(plain[3].dropFirst(8)))
  }

  @Test(
    "Files are found in the folder, in a subfolder named after the dataset, and through the environment",
    arguments: ["data", "data/mnist"], [false, true])
  func places(subfolder: String, throughEnvironment: Bool) throws {
    let temporary = try TemporaryFolder()
    try temporary.writeDataset(to: subfolder)
    let folders =
      throughEnvironment
      ? temporary.folders(environment: ["VAESWEEP_DATA": temporary["data"]])
      : temporary.folders(explicit: temporary["data"])
    var lines: [String] = []
    let prepared = try prepareDataset(.mnist, folders: folders, allowFetch: false) {
      lines.append($0)
    }
    #expect(prepared.origin == temporary[subfolder])
    #expect(lines.contains { $0.contains("not the published mnist") })
  }

  @Test("A second start reads nothing again")
  func secondStart() throws {
    let temporary = try TemporaryFolder()
    let name = DatasetName.folder(try temporary.writeDataset(to: "data"))
    var lines: [String] = []
    func prepare() throws -> PreparedDataset {
      lines = []
      return try prepareDataset(name, folders: temporary.folders(), allowFetch: false) {
        lines.append($0)
      }
    }
    let first = try prepare()
    #expect(lines.count == 1)
    #expect(try prepare() == first)
    #expect(lines == [])

    // A changed file, a damaged index, a lost and a truncated cache file are all noticed.
    try temporary.write(IDXBytes.labels(12).dropLast() + [9], to: "data/train-labels-idx1-ubyte")
    let changed = try prepare()
    #expect(changed.digest != first.digest)
    for entry in temporary.names(in: "vaesweep/sources") {
      try temporary.write([0x7a, 0xff, 0x0a], to: "vaesweep/sources/\(entry)")
    }
    #expect(try prepare() == changed)
    #expect(lines.count == 1)
    Machine.run("rm", changed.cacheFile)
    #expect(try prepare() == changed)
    try temporary.write([0, 0, 8, 3], to: "vaesweep/\(changed.digest).idx4")
    #expect(cachedFile(digest: changed.digest, folders: temporary.folders()) == nil)
    #expect(try prepare() == changed)
    #expect(cachedFile(digest: changed.digest, folders: temporary.folders()) == changed.cacheFile)
  }

  @Test("A cache file with other bytes inside is noticed by its digest and made anew")
  func damagedCache() throws {
    let temporary = try TemporaryFolder()
    let name = DatasetName.folder(try temporary.writeDataset(to: "data"))
    let prepared = try prepareDataset(name, folders: temporary.folders(), allowFetch: false) { _ in
    }
    func damage() throws {
      var bytes = try readChunk(file: prepared.cacheFile, offset: 0, length: 1 << 20)
      bytes[1000] ^= 0xff
      try temporary.write(bytes, to: "vaesweep/\(prepared.digest).idx4")
    }
    try damage()
    var lines: [String] = []
    let again = try prepareDataset(
      name, folders: temporary.folders(), allowFetch: false, verifying: true
    ) { lines.append($0) }
    #expect(again == prepared)
    #expect(lines.count == 2)
    #expect(lines.first?.contains("damaged") == true)
    _ = try Dataset.open(cacheFile: prepared.cacheFile, name: "x", verifyingDigest: true)
    // A worker has no source for it: it forgets the file and asks the coordinator.
    try damage()
    let found = cachedFile(
      digest: prepared.digest, folders: temporary.folders(), verifying: true)
    #expect(found == nil)
    #expect(temporary.cached == [])
  }

  @Test(
    "A worker takes the wanted dataset from --data or the environment", arguments: [true, false])
  func namedForWorker(isExplicit: Bool) throws {
    let temporary = try TemporaryFolder()
    let other = try TemporaryFolder()
    let data = try temporary.writeDataset(to: "data/mnist")
    let prepared = try prepareDataset(
      .folder(data), folders: other.folders(), allowFetch: false
    ) { _ in }
    let folders =
      isExplicit
      ? temporary.folders(explicit: temporary["data"])
      : temporary.folders(environment: ["VAESWEEP_DATA": temporary["data"]])
    let path = cachedFile(digest: prepared.digest, folders: folders)
    #expect(path == temporary["vaesweep/\(prepared.digest).idx4"])
    let unknown = String(repeating: "0", count: 64)
    #expect(cachedFile(digest: unknown, folders: folders) == nil)
  }

  @Test("A folder given with --data that is not there is an error and is not made")
  func noFolder() throws {
    let temporary = try TemporaryFolder()
    for allowFetch in [true, false] {
      let error = datasetError {
        _ = try prepareDataset(
          .mnist, folders: temporary.folders(explicit: temporary["nowhere"]),
          allowFetch: allowFetch
        ) { _ in }
      }
      #expect(error?.kind == .missing)
      #expect(error?.description.contains("no such folder") == true)
    }
    #expect(!temporary.names().contains("nowhere"))
  }

  @Test("A folder of MNIST in the environment hides no Fashion-MNIST", Requirement.mnist)
  func otherInEnvironment() throws {
    let temporary = try TemporaryFolder()
    try temporary.writeDataset(to: "vaesweep/fashion-mnist")
    let folders = temporary.folders(
      environment: ["VAESWEEP_DATA": try #require(MNIST.folder)])
    let prepared = try prepareDataset(.fashionMNIST, folders: folders, allowFetch: false) { _ in }
    #expect(prepared.origin == temporary["vaesweep/fashion-mnist"])
  }

  @Test("Writers at the same time agree and leave one file")
  func concurrent() async throws {
    let temporary = try TemporaryFolder()
    let name = DatasetName.folder(try temporary.writeDataset(to: "data"))
    let digests = try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<8 {
        group.addTask {
          try prepareDataset(name, folders: temporary.folders(), allowFetch: false) { _ in }.digest
        }
      }
      return try await group.reduce(into: Set<String>()) { $0.insert($1) }
    }
    #expect(digests.count == 1)
    #expect(temporary.cached.count == 1)
  }

  @Test("A cache that cannot be written says to set XDG_CACHE_HOME")
  func unwritable() throws {
    let temporary = try TemporaryFolder()
    let name = DatasetName.folder(try temporary.writeDataset(to: "data"))
    let folders = temporary.folders(environment: ["XDG_CACHE_HOME": "/proc/none"])
    let error = datasetError {
      _ = try prepareDataset(name, folders: folders, allowFetch: false) { _ in }
    }
    #expect(error?.kind == .unwritable)
    #expect(error?.description.contains("XDG_CACHE_HOME") == true)
  }

  @Test("A full disk is a clear error and leaves nothing half-written", Requirement.smallDisk)
  func fullDisk() throws {
    let temporary = try TemporaryFolder()
    try temporary.write([], to: "disk/mark")
    let disk = temporary["disk"]
    #expect(Machine.run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk) == 0)
    defer { Machine.run("umount", disk) }
    let folders = temporary.folders(environment: ["XDG_CACHE_HOME": disk])
    let error = datasetError {
      _ = try prepareDataset(
        .digits(train: 200, test: 10), folders: folders, allowFetch: false
      ) { _ in }
    }
    #expect(error?.kind == .diskFull)
    #expect(temporary.names(in: "disk/vaesweep") == [])
  }
}

extension Requirement {
  /// Mounting a small file system.
  static var smallDisk: ConditionTrait {
    requirement("needs the right to mount a tmpfs") {
      guard Machine.isRoot, let folder = try? TemporaryFolder() else { return false }
      defer { Machine.run("umount", folder.path) }
      return Machine.run("mount", "-t", "tmpfs", "tmpfs", folder.path) == 0
    }
  }
}
