/// The shape of a dense variational autoencoder: input, hidden encoder layers, latent dimension.
///
/// Written `784-256-32-8-4`: 784 pixels, hidden layers 256, 32 and 8, four latent variables. The
/// decoder mirrors the encoder.
package struct Architecture: Hashable, Sendable, CustomStringConvertible {
  /// The input where nothing says another: the pixels of MNIST's images, 28 × 28.
  package static let usualInput = 784
  /// The largest input: images of 64 × 64.
  package static let maxInput = 4096
  /// The widest layer accepted.
  package static let maxWidth = 16_384
  /// The largest latent dimension accepted: an outcome describes every latent variable.
  package static let maxLatentDim = 4096
  /// The most hidden layers accepted.
  package static let maxLayers = 16

  /// Pixels of one image.
  package let input: Int
  /// Widths of the encoder's hidden layers, from the input on; the decoder's are the reverse.
  package let hidden: [Int]
  /// Number of latent variables.
  package let latentDim: Int

  package init(input: Int = Self.usualInput, hidden: [Int], latentDim: Int) throws(InvalidValue) {
    guard (1...Self.maxInput).contains(input) else {
      throw InvalidValue(
        key: "input", value: "\(input)", expected: "a whole number from 1 to \(Self.maxInput)")
    }
    let range = 1...Self.maxWidth
    let written = hidden.map(String.init).joined(separator: "-")
    guard !hidden.isEmpty, hidden.count <= Self.maxLayers, hidden.allSatisfy(range.contains)
    else {
      throw InvalidValue(
        key: "hidden", value: written.isEmpty ? "[]" : written,
        expected:
          "1 to \(Self.maxLayers) layer widths, each from 1 to \(Self.maxWidth)")
    }
    guard (1...Self.maxLatentDim).contains(latentDim) else {
      throw InvalidValue(
        key: "latent_dim", value: "\(latentDim)",
        expected: "a whole number from 1 to \(Self.maxLatentDim)")
    }
    self.input = input
    self.hidden = hidden
    self.latentDim = latentDim
  }

  /// Reads the form `784-256-32-8-4`.
  package init(parsing text: String) throws(InvalidValue) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    let widths = parts.compactMap { $0.allSatisfy(\.isWholeNumber) ? Int($0) : nil }
    guard widths.count == parts.count, widths.count >= 3, widths.count <= Self.maxLayers + 2,
      (1...Self.maxInput).contains(widths[0]),
      widths.allSatisfy({ (1...Self.maxWidth).contains($0) })
    else {
      throw InvalidValue(
        key: "architecture", value: text,
        expected:
          "the pixels of an image, then 1 to \(Self.maxLayers) hidden widths up to \(Self.maxWidth), then "
          + "the latent dimension, each 1 or more, joined by '-', as in 784-256-32-8-4")
    }
    try self.init(
      input: widths[0], hidden: Array(widths[1..<(widths.count - 1)]),
      latentDim: widths[widths.count - 1])
  }

  package var description: String {
    ([input] + hidden + [latentDim]).map(String.init).joined(separator: "-")
  }
}
