import Compute

/// One parameter tensor as PyTorch holds it.
package struct NamedTensor: Hashable, Sendable {
  /// Such as `encoder.0.weight`, `mu.bias`, `decoder.4.weight`.
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

extension ParameterLayout {
  /// Every layer under the name that it has as a part of these PyTorch modules: `encoder` and `decoder`
  /// are each a `torch.nn.Sequential` of linear layers with an activation between, so that their
  /// numbers go up by two; `mu` and `log_var` are linear layers by themselves.
  var moduleNames: [(name: String, layer: Layer)] {
    func numbered(_ module: String, _ layers: [Layer]) -> [(name: String, layer: Layer)] {
      layers.enumerated().map { ("\(module).\(2 * $0.offset)", $0.element) }
    }
    return numbered("encoder", encoder) + [("mu", mu)] + (logVar.map { [("log_var", $0)] } ?? [])
      + numbered("decoder", decoder + [output])
  }
}

extension Network {
  /// Every parameter in the order of the layout: of each layer W transposed to [out, in], then b.
  var tensors: [NamedTensor] {
    layout.moduleNames.flatMap { name, layer in
      let weights = layer.weights(in: parameters)
      let bias = layer.bias(in: parameters)
      var transposed: [Float] = []
      transposed.reserveCapacity(layer.inputs * layer.outputs)
      for output in 0..<layer.outputs {
        for input in 0..<layer.inputs { transposed.append(weights.row(input)[output]) }
      }
      return [
        NamedTensor(
          name: "\(name).weight", shape: [layer.outputs, layer.inputs], values: transposed),
        NamedTensor(
          name: "\(name).bias", shape: [layer.outputs],
          values: (0..<layer.outputs).map { bias[$0] }),
      ]
    }
  }
}

extension Trainer {
  /// The parameters as they stand, for other programs.
  package var tensors: [NamedTensor] { network.tensors }
}
