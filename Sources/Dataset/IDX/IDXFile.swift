/// The four files of a dataset, in the order in which they are digested and cached.
package enum IDXFile: Int, CaseIterable, Sendable {
  case trainImages
  case trainLabels
  case testImages
  case testLabels

  /// The name it is published under, without `.gz`.
  package var name: String {
    switch self {
    case .trainImages: "train-images-idx3-ubyte"
    case .trainLabels: "train-labels-idx1-ubyte"
    case .testImages: "t10k-images-idx3-ubyte"
    case .testLabels: "t10k-labels-idx1-ubyte"
    }
  }

  package var holdsImages: Bool { self == .trainImages || self == .testImages }

  /// Items that it must hold: what a run is measured by varies over the test images.
  package var fewestItems: Int {
    switch self {
    case .trainImages, .trainLabels: 1
    case .testImages, .testLabels: 2
    }
  }

  /// The first four bytes as they are usual, big-endian: 0x08 for unsigned bytes, then the number of
  /// dimensions.
  package var magic: UInt32 { holdsImages ? 0x0000_0803 : 0x0000_0801 }

  /// Bytes of the shortest header.
  var shortestHeader: Int { holdsImages ? 16 : 8 }
  /// Bytes of the longest header, that of images with a dimension for their one channel.
  var longestHeader: Int { holdsImages ? 20 : 8 }
}
