package import Dataset

extension ImageShape {
  /// Throws unless the networks of this program take images of this size: their input has
  /// `Architecture.inputSize` pixels.
  package func requireInput() throws(InvalidValue) {
    guard pixels == Architecture.inputSize else {
      throw InvalidValue(
        key: "dataset", value: "images of \(self), \(pixels) pixels",
        expected:
          "one of \(ImageShape.mnist), the \(Architecture.inputSize) pixels that every architecture "
          + "starts with: resize them")
    }
  }
}
