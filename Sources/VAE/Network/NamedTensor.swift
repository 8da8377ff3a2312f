/// One parameter tensor as other programs hold it.
package struct NamedTensor: Hashable, Sendable {
  /// Such as `encoder_1.weight`, `mu.bias`, `output.weight`.
  package let name: String
  /// [out, in] of a weight, as `torch.nn.Linear` has it; [out] of a bias.
  package let shape: [Int]
  /// Row by row, without padding.
  package let values: [Float]

  package init(name: String, shape: [Int], values: [Float]) {
    self.name = name
    self.shape = shape
    self.values = values
  }
}

extension Network {
  /// Every parameter in the order of the layout: of each layer W transposed to [out, in], then b.
  var tensors: [NamedTensor] {
    layout.layers.flatMap { layer in
      let weights = layer.weights(in: parameters)
      let bias = layer.bias(in: parameters)
      var transposed: [Float] = []
      transposed.reserveCapacity(layer.inputs * layer.outputs)
      for output in 0..<layer.outputs {
        for input in 0..<layer.inputs { transposed.append(weights.row(input)[output]) }
      }
      return [
        NamedTensor(
          name: "\(layer.name).weight", shape: [layer.outputs, layer.inputs], values: transposed),
        NamedTensor(
          name: "\(layer.name).bias", shape: [layer.outputs],
          values: (0..<layer.outputs).map { bias[$0] }),
      ]
    }
  }
}

extension Trainer {
  /// The parameters as they stand, for other programs.
  package var tensors: [NamedTensor] { network.tensors }
}
