import Compute
import VAE

/// The model written down plainly in Double, from a network's parameters.
struct TextbookNetwork {
  let network: Network

  private func affine(_ layer: ParameterLayout.Layer, _ input: [Double]) -> [Double] {
    let (weights, bias) = (
      layer.weights(in: network.parameters), layer.bias(in: network.parameters)
    )
    return (0..<layer.outputs).map { j in
      input.indices.reduce(Double(bias[j])) { $0 + input[$1] * Double(weights.row($1)[j]) }
    }
  }

  func encode(_ pixels: [UInt8]) -> (hidden: [[Double]], mu: [Double], logVar: [Double]?) {
    var hidden = [pixels.map { Double($0) / 255 }]
    for layer in network.layout.encoder {
      hidden.append(affine(layer, hidden[hidden.count - 1]).map { max($0, 0) })
    }
    let top = hidden[hidden.count - 1]
    return (
      Array(hidden.dropFirst()), affine(network.layout.mu, top),
      network.layout.logVar.map { affine($0, top) }
    )
  }

  func logits(_ code: [Double]) -> [Double] {
    let top = network.layout.decoder.reduce(code) { affine($1, $0).map { max($0, 0) } }
    return affine(network.layout.output, top)
  }

  func reconstructionLoss(_ pixels: [UInt8], code: [Double]) -> Double {
    zip(logits(code), pixels).reduce(0) {
      $0 + pixelLoss(network.settings.loss, logit: $1.0, pixel: $1.1).value
    }
  }
}
