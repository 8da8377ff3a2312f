package import Compute

/// Where every parameter tensor of a network lies in one arena.
///
/// Order: encoder layers, heads (μ, then log σ²), decoder layers; of each layer the weights
/// W[in, out], then the bias. Rows are padded (see `Int.rowStride`) and tensors start on cache lines; the
/// padding is zero and stays zero. Two networks that differ only in sampling share all tensors but
/// the σ head.
package struct ParameterLayout: Sendable {
  /// One dense layer: output = input · W + b.
  package struct Layer: Sendable {
    /// `encoder_1`, …, `mu`, `log_var`, `decoder_1`, …, `output`.
    package let name: String
    package let inputs: Int
    package let outputs: Int
    /// Index of W[0, 0] in the arena; rows are `outputs.rowStride` floats apart.
    package let weights: Int
    /// Index of b[0] in the arena.
    package let bias: Int

    /// Both with their padding: the layers' ranges follow each other without a gap.
    var range: Range<Int> { weights..<(bias + Arena.size(of: outputs)) }
  }

  package let inputSize: Int
  package let latentDim: Int
  package let encoder: [Layer]
  package let mu: Layer
  /// Absent without sampling.
  package let logVar: Layer?
  /// The hidden decoder layers.
  package let decoder: [Layer]
  package let output: Layer
  /// Floats in the arena, padding included.
  package let count: Int

  package init(inputSize: Int, hidden: [Int], latentDim: Int, sampling: Bool) {
    var end = 0
    func layer(_ name: String, _ inputs: Int, _ outputs: Int) -> Layer {
      let weights = end
      let bias = weights + Arena.size(rows: inputs, columns: outputs)
      end = bias + Arena.size(of: outputs)
      return Layer(name: name, inputs: inputs, outputs: outputs, weights: weights, bias: bias)
    }
    var width = inputSize
    var layers: [Layer] = []
    for (index, outputs) in hidden.enumerated() {
      layers.append(layer("encoder_\(index + 1)", width, outputs))
      width = outputs
    }
    encoder = layers
    mu = layer("mu", width, latentDim)
    logVar = sampling ? layer("log_var", width, latentDim) : nil
    width = latentDim
    layers = []
    for (index, outputs) in hidden.reversed().enumerated() {
      layers.append(layer("decoder_\(index + 1)", width, outputs))
      width = outputs
    }
    decoder = layers
    output = layer("output", width, inputSize)
    count = end
    self.inputSize = inputSize
    self.latentDim = latentDim
  }

  package init(_ architecture: Architecture, sampling: Bool) {
    self.init(
      inputSize: architecture.input, hidden: architecture.hidden,
      latentDim: architecture.latentDim, sampling: sampling)
  }

  /// Every layer, in the order of the arena.
  package var layers: [Layer] {
    encoder + [mu] + (logVar.map { [$0] } ?? []) + decoder + [output]
  }

}

extension ParameterLayout.Layer {
  /// W[in, out] within the arena that starts at `base`.
  package func weights(in base: UnsafeMutablePointer<Float>) -> Matrix {
    Matrix(base + weights, rows: inputs, columns: outputs)
  }

  /// b[out] within the arena that starts at `base`.
  package func bias(in base: UnsafeMutablePointer<Float>) -> UnsafeMutablePointer<Float> {
    base + bias
  }
}
