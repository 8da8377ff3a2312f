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

  /// Every name it is looked for under, best first; some mirrors write `.idx3` for `-idx3`.
  package var candidates: [String] {
    let dotted = name.split(separator: "-idx").joined(separator: ".idx")
    return [name, dotted, "\(name).gz", "\(dotted).gz"]
  }

  package var holdsImages: Bool { self == .trainImages || self == .testImages }

  /// The first four bytes, big-endian: 0x08 for unsigned bytes, then the number of dimensions.
  package var magic: UInt32 { holdsImages ? 0x0000_0803 : 0x0000_0801 }

  /// Magic and one 32-bit number per dimension.
  package var headerSize: Int { holdsImages ? 16 : 8 }

  /// Bytes per item: the pixels of an image, or one label.
  package var itemSize: Int { holdsImages ? ImageSet.pixelsPerImage : 1 }
}

extension ImageSet {
  /// Rows and columns of every image.
  package static let side = 28
  package static let pixelsPerImage = 784
}
