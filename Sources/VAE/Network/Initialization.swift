import Compute

/// Fills the parameters with their initial values.
///
/// Element e = in · outputs + out of tensor `encoder_1.weight` is word e % 4 (he_normal: deviate
/// e % 4) of the block at (e / 4, 0, first word of SHA-256(tensor name)), whatever the padding and
/// whichever other tensors there are.
package func initialize(
  _ parameters: UnsafeMutablePointer<Float>, layout: ParameterLayout, with initializer: Initializer,
  from stream: RandomStream
) {
  for layer in layout.layers {
    let (fanIn, fanOut) = (Double(layer.inputs), Double(layer.outputs))
    let weights = layer.weights(in: parameters)
    let bias = Matrix(layer.bias(in: parameters), rows: 1, columns: layer.outputs)
    switch initializer {
    case .glorotUniform:
      fill(weights, "\(layer.name).weight", stream, .uniform(Scalar.sqrt(6 / (fanIn + fanOut))))
    case .heNormal:
      fill(weights, "\(layer.name).weight", stream, .normal(Scalar.sqrt(2 / fanIn)))
    case .torchLinear:
      let bound = Deviate.uniform(1 / Scalar.sqrt(fanIn))
      fill(weights, "\(layer.name).weight", stream, bound)
      fill(bias, "\(layer.name).bias", stream, bound)
    }
  }
}

private enum Deviate {
  /// Uniform in ± the bound.
  case uniform(Double)
  /// Normal with this standard deviation.
  case normal(Double)
}

private func fill(_ tensor: Matrix, _ name: String, _ stream: RandomStream, _ deviate: Deviate) {
  let z = RandomStream.words(of: name).0
  var four = SIMD4<Float>()
  for i in 0..<tensor.rows {
    for j in 0..<tensor.columns {
      let element = i * tensor.columns + j
      if element % 4 == 0 {
        let words = stream.block(UInt32(truncatingIfNeeded: element / 4), 0, z)
        switch deviate {
        case .uniform(let bound):
          let unit = RandomDeviates.uniform(SIMD8(lowHalf: words, highHalf: words)).lowHalf
          four = Float(2 * bound) * (unit - 0.5)
        case .normal(let deviation):
          four = Float(deviation) * RandomDeviates.normal(words, words).0
        }
      }
      tensor.row(i)[j] = four[element % 4]
    }
  }
}
