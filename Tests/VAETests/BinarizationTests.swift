import Dataset
import Testing
import VAE

@Suite("Binarised images")
struct BinarizationTests {
  private static let width = 784
  /// Every brightness, in images of their own, and all of them in one.
  private static let images: [UInt8] =
    (0..<256).flatMap { [UInt8](repeating: UInt8($0), count: width) }
    + (0..<width).map { UInt8(truncatingIfNeeded: $0) }

  private func loaded(_ binarization: Binarization, epoch: UInt32 = 0, seed: UInt32 = 1) -> [UInt8]
  {
    let stream = RandomStream(name: "binarization", seed: seed, architecture: "784-2-2")
    let rule = PixelRule(binarization, stream, z: epoch)
    var read = [UInt8](repeating: 7, count: Self.images.count)
    Self.images.withUnsafeBufferPointer { images in
      read.withUnsafeMutableBufferPointer { read in
        guard let source = images.baseAddress, let target = read.baseAddress else { return }
        for image in 0..<(images.count / Self.width) {
          let first = image * Self.width
          rule.copy(source + first, index: image, to: target + first, count: Self.width)
        }
      }
    }
    return read
  }

  @Test("by threshold are 1 from 128 on")
  func threshold() {
    #expect(loaded(.threshold) == Self.images.map { $0 < 128 ? 0 : 255 })
    #expect(loaded(.none) == Self.images)
  }

  @Test("by draws are 1 as often as they are bright; black stays black and white white")
  func dynamic() {
    let drawn = loaded(.dynamic)
    for brightness in 0..<256 {
      let pixels = drawn[(brightness * Self.width)..<((brightness + 1) * Self.width)]
      let share = Double(pixels.count { $0 == 255 }) / Double(Self.width)
      #expect(pixels.allSatisfy { $0 == 0 || $0 == 255 })
      let expected = Double(brightness) / 255
      // Five standard deviations.
      let width = 5 * (expected * (1 - expected) / Double(Self.width)).squareRoot()
      #expect(abs(share - expected) <= width, "\(brightness)")
    }
  }

  @Test("are drawn anew in every epoch and by every seed, and the same again at the same address")
  func draws() {
    #expect(loaded(.dynamic) == loaded(.dynamic))
    #expect(loaded(.dynamic, epoch: 1) != loaded(.dynamic))
    #expect(loaded(.dynamic, seed: 2) != loaded(.dynamic))
  }

  @Test("train to another result, each rule to its own; the test images are the same for all seeds")
  func training() throws {
    let results = try Binarization.allCases.map {
      try RemedyTests.trainer([.binarize: .string($0.rawValue)]).run { _ in true }
    }
    #expect(Set(results.compactMap { $0?.history.last?.test.total }).count == 3)
  }

  @Test("of a binary set are the images themselves, by either rule")
  func binary() throws {
    let grey = SyntheticImages.dataset(train: 200, test: 60)
    func binary(_ set: ImageSet) -> ImageSet {
      ImageSet(
        inMemory: set.pixels.map { $0 == 0 ? 0 : 255 },
        labels: [UInt8](repeating: 0, count: set.count))
    }
    let dataset = Dataset(
      name: "binary", digest: "binary", train: binary(grey.train), test: binary(grey.test))
    let results = try Binarization.allCases.map { rule in
      try Trainer(
        configuration: Configuration(
          architecture: Architecture(parsing: "784-24-2"),
          [.epochs: .int(2), .binarize: .string(rule.rawValue)]),
        seeds: Seeds(3), dataset: dataset
      ).run { _ in true }
    }
    #expect(results[0] != nil)
    #expect(results[1] == results[0])
    #expect(results[2] == results[0])
  }
}
