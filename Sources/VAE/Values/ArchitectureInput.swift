package import Dataset

/// The input that architectures must have, and what asks for it.
package struct ArchitectureInput: Hashable, Sendable {
  package let pixels: Int
  /// As in `the pixels of the 14 × 10 images of ./letters`.
  package let source: String

  package init(pixels: Int, source: String) {
    self.pixels = pixels
    self.source = source
  }

  /// That of a dataset's images.
  package init(_ shape: ImageShape, of dataset: String) {
    self.init(pixels: shape.pixels, source: "the pixels of the \(shape) images of \(dataset)")
  }

  /// Throws unless `architecture` begins with it.
  package func require(_ architecture: Architecture) throws(InvalidValue) {
    guard architecture.input == pixels else {
      throw InvalidValue(
        key: "architecture", value: "\(architecture)",
        expected: "one that begins with \(pixels), \(source)")
    }
  }
}
