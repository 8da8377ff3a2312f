import Dataset
import TestSupport
import Testing

@Suite("Built-in digits")
struct DigitTests {
  private func prepare(
    _ name: DatasetName, in folder: TemporaryFolder
  ) throws -> PreparedDataset {
    try prepareDataset(name, folders: folder.folders(), allowFetch: false) { _ in }
  }

  @Test(
    "The bytes never change",
    arguments: [
      (
        DatasetName.digits(train: 200, test: 100),
        "ee54c4383c97eb458df06cb7cf68f87f31998b89d6ad44e613df2f3d142dbbb3"
      ),
      (.builtInDigits, "ddca6910678255da66233cab7e773d7e7799c8315a51041a3a61a32bb0df561c"),
    ])
  func pinned(name: DatasetName, digest: String) throws {
    let temporary = try TemporaryFolder()
    #expect(try prepare(name, in: temporary).digest == digest)
  }

  @Test("They resemble MNIST in density and brightness, and every class is there")
  func statistics() throws {
    let temporary = try TemporaryFolder()
    let summary = try DatasetSummary(prepare(.digits(train: 3000, test: 1000), in: temporary))
    for split in [summary.train, summary.test] {
      #expect((0.17...0.21).contains(split.density))
      #expect((0.11...0.15).contains(split.meanPixel))
      #expect(split.classCounts.reduce(0, +) == split.count)
      #expect(split.classCounts.allSatisfy { $0 > split.count / 15 })
    }
  }

  @Test("An image depends on its split and index alone")
  func prefix() throws {
    let temporary = try TemporaryFolder()
    let few = try prepare(.digits(train: 20, test: 30), in: temporary).open()
    let many = try prepare(.digits(train: 50, test: 40), in: temporary).open()
    #expect(Array(few.train.pixels) == Array(many.train.pixels.prefix(20 * 784)))
    #expect(Array(few.test.labels) == Array(many.test.labels.prefix(30)))
    #expect(Array(few.train.pixels.prefix(784)) != Array(few.test.pixels.prefix(784)))
  }

  @Test("No ink touches the edge of the image and no two images are equal")
  func varied() throws {
    let temporary = try TemporaryFolder()
    let images = try prepare(.digits(train: 2000, test: 2), in: temporary).open().train
    var seen: Set<[UInt8]> = []
    var touching = 0
    for index in 0..<images.count {
      let image = Array(images.pixels[index * 784..<(index + 1) * 784])
      seen.insert(image)
      let isEdge = { (pixel: Int) in
        pixel < 28 || pixel >= 756 || pixel % 28 == 0 || pixel % 28 == 27
      }
      let edge = image.indices.contains { image[$0] > 0 && isEdge($0) }
      touching += edge ? 1 : 0
    }
    #expect(seen.count == images.count)
    #expect(touching < images.count / 20)
  }
}
