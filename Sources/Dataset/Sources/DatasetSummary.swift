/// What `vaesweep data info` shows of a dataset.
package struct DatasetSummary: Equatable, Sendable {
  package struct Split: Equatable, Sendable {
    package let count: Int
    /// How many images carry each label, from 0 to the largest, at least 9.
    package let classCounts: [Int]
    /// Fraction of the pixels that are not zero.
    package let density: Double
    /// Mean pixel value, 0 to 1.
    package let meanPixel: Double
  }

  package let name: String
  package let digest: String
  /// The folder it was read from, or how it was made.
  package let origin: String
  package let cacheFile: String
  /// Bytes of the cache file.
  package let bytes: Int
  package let shape: ImageShape
  /// Labels that occur among the training or test images.
  package let classes: Int
  package let train: Split
  package let test: Split

  /// Reads every pixel once.
  package init(_ prepared: PreparedDataset) throws(DatasetError) {
    let dataset = try prepared.open()
    name = prepared.name.description
    digest = prepared.digest
    origin = prepared.origin
    cacheFile = prepared.cacheFile
    bytes = prepared.bytes
    shape = dataset.shape
    let largest = [dataset.train, dataset.test].compactMap { $0.labels.max() }.max() ?? 0
    train = Split(dataset.train, labels: max(10, Int(largest) + 1))
    test = Split(dataset.test, labels: max(10, Int(largest) + 1))
    classes = zip(train.classCounts, test.classCounts).count { $0 + $1 > 0 }
  }
}

extension DatasetSummary.Split {
  /// - Parameter labels: How many there may be, from 0 on.
  init(_ images: ImageSet, labels: Int) {
    var classes = [Int](repeating: 0, count: labels)
    for label in images.labels { classes[Int(label)] += 1 }
    var nonzero = 0
    var sum = 0
    for pixel in images.pixels {
      nonzero += pixel == 0 ? 0 : 1
      sum += Int(pixel)
    }
    count = images.count
    classCounts = classes
    density = Double(nonzero) / Double(max(images.pixels.count, 1))
    meanPixel = Double(sum) / Double(max(images.pixels.count, 1)) / 255
  }
}
