internal import Platform

/// A labelled image dataset: training and test images of one size, a byte per pixel.
package final class Dataset {
  /// The name it was asked for by: `mnist`, `digits`, or a folder.
  package let name: String
  /// SHA-256, lower-case hex, over the decompressed IDX bytes of train images, train labels, test
  /// images, test labels, in that order.
  package let digest: String
  package let train: ImageSet
  package let test: ImageSet
  /// Rows and columns of every image.
  package var shape: ImageShape { train.shape }
  /// Path of the cache file it is mapped from; nil where it was made in memory.
  package let cacheFile: String?
  /// What its bytes lie in; nil where it was made in memory.
  let backing: Backing?

  /// Bytes of its cache file; 0 where it was made in memory.
  var cacheBytes: Int {
    switch backing {
    case .memory(let memory)?: memory.bytes.count
    case .file(let file)?: file.bytes.count
    case nil: 0
    }
  }

  enum Backing {
    /// Can be changed by nobody.
    case memory(SealedMemory)
    /// Can be changed by whoever may write the file.
    case file(MappedFile)

    var owner: any AnyObject {
      switch self {
      case .memory(let memory): memory
      case .file(let file): file
      }
    }
  }

  package convenience init(name: String, digest: String, train: ImageSet, test: ImageSet) {
    self.init(
      name: name, digest: digest, train: train, test: test, cacheFile: nil, backing: nil)
  }

  init(
    name: String, digest: String, train: ImageSet, test: ImageSet, cacheFile: String?,
    backing: Backing?
  ) {
    self.cacheFile = cacheFile
    self.backing = backing
    self.name = name
    self.digest = digest
    self.train = train
    self.test = test
  }
}

/// Images and their labels as views into memory that `owner` keeps alive.
package struct ImageSet {
  package let shape: ImageShape
  /// Row-major bytes, `count` × `shape.pixels`.
  package let pixels: UnsafeBufferPointer<UInt8>
  /// `count` labels, each any byte.
  package let labels: UnsafeBufferPointer<UInt8>
  private let owner: any AnyObject

  package var count: Int { labels.count }

  package init(
    pixels: UnsafeBufferPointer<UInt8>, labels: UnsafeBufferPointer<UInt8>, owner: any AnyObject,
    shape: ImageShape = .mnist
  ) {
    self.shape = shape
    self.pixels = pixels
    self.labels = labels
    self.owner = owner
  }
}
