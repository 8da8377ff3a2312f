import Dataset
import Foundation

/// Real MNIST for tests, where this machine has it.
enum MNISTFixture {
  static let folder: URL = {
    if let path = ProcessInfo.processInfo.environment["VAESWEEP_DATA"] {
      return URL(filePath: path)
    }
    let repository = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let beside = repository.deletingLastPathComponent().appending(path: "shared/mnist")
    return FileManager.default.fileExists(atPath: beside.path)
      ? beside : URL(filePath: "/work/shared/mnist")
  }()

  static var isThere: Bool {
    ProcessInfo.processInfo.environment["VAESWEEP_REQUIRE"] == "all"
      || FileManager.default.fileExists(
        atPath: folder.appending(path: "train-images-idx3-ubyte.gz").path)
  }

  static func load() throws -> Dataset {
    Dataset(
      name: "mnist", digest: "", train: try imageSet("train"), test: try imageSet("t10k"))
  }

  private static func imageSet(_ prefix: String) throws -> ImageSet {
    try ImageSet(
      inMemory: read("\(prefix)-images-idx3-ubyte.gz").dropFirst(16),
      labels: read("\(prefix)-labels-idx1-ubyte.gz").dropFirst(8))
  }

  private static func read(_ name: String) throws -> Data {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["gunzip", "-c", folder.appending(path: name).path]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return data
  }
}

/// Bytes that an image set views.
final class ImageBytes {
  let pixels: UnsafeMutableBufferPointer<UInt8>
  let labels: UnsafeMutableBufferPointer<UInt8>

  init(_ pixels: some Collection<UInt8>, _ labels: some Collection<UInt8>) {
    self.pixels = .allocate(capacity: pixels.count)
    _ = self.pixels.initialize(from: pixels)
    self.labels = .allocate(capacity: labels.count)
    _ = self.labels.initialize(from: labels)
  }

  deinit {
    pixels.deallocate()
    labels.deallocate()
  }
}

extension ImageSet {
  init(inMemory pixels: some Collection<UInt8>, labels: some Collection<UInt8>) {
    let bytes = ImageBytes(pixels, labels)
    self.init(
      pixels: UnsafeBufferPointer(bytes.pixels), labels: UnsafeBufferPointer(bytes.labels),
      owner: bytes)
  }
}
