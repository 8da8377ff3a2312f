import Dataset
import Foundation
import TestSupport
import Testing

/// Files as other people publish them: other names, sizes, dimensions and numbers of classes.
@Suite("IDX files of other datasets")
struct ForeignFileTests {
  private func prepare(_ path: String, _ temporary: TemporaryFolder) throws -> PreparedDataset {
    try prepareDataset(.folder(path), folders: temporary.folders(), allowFetch: false) { _ in }
  }

  private func letters(_ classes: ClosedRange<Int> = 1...26) -> [[UInt8]] {
    [
      IDXBytes.images(30), IDXBytes.labels(30, classes), IDXBytes.images(5),
      IDXBytes.labels(5, classes),
    ]
  }

  @Test(
    "EMNIST's names and labels are read",
    arguments: ["emnist-letters-", "emnist-letters.", "x_", ""], ["t10k", "test"])
  func emnist(prefix: String, test: String) throws {
    let temporary = try TemporaryFolder()
    try temporary.writeDataset(letters().map(Gzip.stored), to: "data") { file in
      prefix + file.name.replacing("t10k", with: test) + ".gz"
    }
    let summary = try DatasetSummary(try prepare(temporary["data"], temporary))
    #expect(summary.classes == 26)
    #expect(summary.train.classCounts.count == 27)
    #expect(summary.train.classCounts[0] == 0)
    #expect(summary.train.classCounts[4] == 2)
    #expect(summary.train.classCounts[26] == 1)
  }

  @Test("A set in a folder of several is asked for by its name")
  func several() throws {
    let temporary = try TemporaryFolder()
    let sets = ["emnist-letters": letters(), "emnist-byclass": letters(0...61)]
    for (set, files) in sets {
      try temporary.writeDataset(files, to: "gzip") { "\(set)-\($0.name)" }
    }
    try temporary.write([1], to: "gzip/emnist-letters-mapping.txt")
    let error = datasetError { _ = try prepare(temporary["gzip"], temporary) }
    #expect(error?.kind == .ambiguous)
    for text in sets.keys + ["\(temporary["gzip"])/emnist-byclass"] {
      #expect(error?.description.contains(text) == true)
    }
    let chosen = try prepare(temporary["gzip/emnist-byclass"], temporary)
    let opened = try chosen.open()
    // The labels live as long as the dataset.
    withExtendedLifetime(opened) { #expect(opened.train.labels[29] == 29) }
    // A set that is not whole is not taken for another one.
    Machine.run("rm", temporary["gzip/emnist-letters-t10k-labels-idx1-ubyte"])
    let partial = datasetError { _ = try prepare(temporary["gzip/emnist-letters"], temporary) }
    #expect(partial?.kind == .missing)
    let missing = "missing, plain or .gz: emnist-letters-t10k-labels-idx1-ubyte;"
    #expect(partial?.description.contains(missing) == true)
    #expect(datasetError { _ = try prepare(temporary["gzip/none"], temporary) }?.kind == .missing)
  }

  @Test("Another set's files are not MNIST")
  func notMNIST() throws {
    let temporary = try TemporaryFolder()
    try temporary.writeDataset(letters(), to: "data") { "emnist-letters-\($0.name)" }
    let error = datasetError {
      _ = try prepareDataset(
        .mnist, folders: temporary.folders(explicit: temporary["data"]), allowFetch: false
      ) { _ in }
    }
    #expect(error?.kind == .missing)
  }

  @Test(
    "A dimension for the one channel moves no byte",
    arguments: [[28, 28, 1], [1, 28, 28], [28, 28]] as [[UInt32]])
  func channel(dimensions: [UInt32]) throws {
    let temporary = try TemporaryFolder()
    let magic = UInt32(0x801 + dimensions.count)
    func images(_ count: UInt32) -> [UInt8] {
      IDXBytes.header(magic, [count] + dimensions) + IDXBytes.pixels(Int(count) * 784)
    }
    let files = [images(3), IDXBytes.labels(3), images(2), IDXBytes.labels(2)]
    try temporary.writeDataset(files, to: "data")
    let prepared = try prepare(temporary["data"], temporary)
    let dataset = try prepared.open()
    #expect(dataset.shape == .mnist)
    #expect(Array(dataset.train.pixels) == IDXBytes.pixels(3 * 784))
    #expect(Array(dataset.test.pixels) == IDXBytes.pixels(2 * 784))
    #expect(prepared.bytes == files.reduce(0) { $0 + $1.count })
    let receiver = try DatasetReceiver(
      digest: prepared.digest, size: prepared.bytes, folders: try TemporaryFolder().folders())
    try receiver.accept(
      offset: 0, bytes: try readChunk(file: prepared.cacheFile, offset: 0, length: prepared.bytes))
    _ = try receiver.finish()
  }

  @Test(
    "Images of any size up to 64 × 64 are read, the smallest too",
    arguments: [(1, 1), (1, 64), (32, 20), (64, 64)])
  func shapes(rows: Int, columns: Int) throws {
    let temporary = try TemporaryFolder()
    let files = [
      IDXBytes.images(3, rows, columns), IDXBytes.labels(3), IDXBytes.images(2, rows, columns),
      IDXBytes.labels(2),
    ]
    try temporary.writeDataset(files, to: "data")
    let dataset = try prepare(temporary["data"], temporary).open()
    #expect(dataset.shape == ImageShape(rows: rows, columns: columns))
    // The header of one file says it before anything is read.
    let shape = ImageShape(of: .folder(temporary["data"]), folders: temporary.folders())
    #expect(shape == dataset.shape)
    #expect(Array(dataset.train.pixels) == IDXBytes.pixels(3 * rows * columns))
    #expect(Array(dataset.test.pixels) == IDXBytes.pixels(2 * rows * columns))
  }

  @Test("The size of images is known before they are read only where their header can be read")
  func unread() throws {
    let temporary = try TemporaryFolder()
    func shape(_ name: String) throws -> ImageShape? {
      ImageShape(of: try DatasetName(parsing: name), folders: temporary.folders())
    }
    #expect(try shape("mnist") == .mnist)
    #expect(try shape("fashion-mnist") == .mnist)
    #expect(try shape("digits:3:2") == .mnist)
    #expect(try shape(temporary["nowhere"]) == nil)
    let zipped = [
      IDXBytes.images(2, 14, 10), IDXBytes.labels(2), IDXBytes.images(1, 14, 10),
      IDXBytes.labels(1),
    ]
    try temporary.writeDataset(zipped.map(Gzip.stored), to: "zipped") { "\($0.name).gz" }
    #expect(try shape(temporary["zipped"]) == ImageShape(rows: 14, columns: 10))
    try temporary.writeDataset(to: "wrong")
    try temporary.write(IDXBytes.header(0x803, 12, 65, 28), to: "wrong/train-images-idx3-ubyte")
    #expect(try shape(temporary["wrong"]) == nil)
    #expect(temporary.cached == [])
  }

  @Test(
    "A home folder is found behind ~, in a name, in --data and in the environment",
    arguments: ["~/data", "~root/..{}"])
  func home(path: String) throws {
    let temporary = try TemporaryFolder()
    try temporary.writeDataset(to: "data")
    let path = path.replacing("{}", with: temporary["data"])
    let name = try DatasetName(parsing: path)
    let first = try prepareDataset(name, folders: temporary.folders(), allowFetch: false) { _ in }
    let folders = [
      temporary.folders(explicit: path), temporary.folders(environment: ["VAESWEEP_DATA": path]),
    ]
    for folders in folders {
      let prepared = try prepareDataset(.mnist, folders: folders, allowFetch: false) { _ in }
      #expect(prepared.digest == first.digest)
    }
  }
}
