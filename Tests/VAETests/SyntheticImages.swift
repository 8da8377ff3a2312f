import Compute
import Dataset

/// Images made in memory: a bright blob at a drawn place on black, about a fifth of the pixels set.
enum SyntheticImages {
  static func dataset(train: Int = 300, test: Int = 1_100, density: Int = 5) -> Dataset {
    Dataset(
      name: "synthetic", digest: "synthetic-\(train)-\(test)-\(density)",
      train: imageSet(train, stream: 1, density), test: imageSet(test, stream: 2, density))
  }

  private static func imageSet(_ count: Int, stream: UInt32, _ density: Int) -> ImageSet {
    let philox = Philox(key: (99, stream))
    var pixels: [UInt8] = []
    pixels.reserveCapacity(count * 784)
    for image in 0..<UInt32(count) {
      let place = philox.block(SIMD4(image, 0, 0, 0))
      let (row, column) = (Int(place.x % 16) + 6, Int(place.y % 16) + 6)
      for k in 0..<784 {
        let distance = (k / 28 - row) * (k / 28 - row) + (k % 28 - column) * (k % 28 - column)
        pixels.append(distance < 160 / density ? UInt8(255 - distance * density) : 0)
      }
    }
    return ImageSet(inMemory: pixels, labels: [UInt8](repeating: 0, count: count))
  }
}
