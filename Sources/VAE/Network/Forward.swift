import Compute

// The forward pass, one free function per part; `Backward.swift` mirrors it.

/// Encoder: images → hidden outputs → μ and, with sampling, log σ² (both with their bias).
func encode(_ network: Network, _ images: ImageBatch, _ workspace: Workspace) {
  let count = images.count
  for (index, layer) in network.encoder.enumerated() {
    let output = workspace.encoder[index].prefix(count)
    if index > 0 {
      forward(
        layer, workspace.encoder[index - 1].prefix(count), output, network.settings, workspace)
      continue
    }
    switch images.input {
    case .dense(let input): forward(layer, input, output, network.settings, workspace)
    case .sparse(let batch):
      forwardSparse(layer, batch, output, network.settings)
      workspace.mark(.sparse)
    }
  }
  let last = workspace.encoder[network.encoder.count - 1].prefix(count)
  let mu = workspace.latents.mu.prefix(count)
  workspace.products.multiply(last, network.mu.weights, into: mu)
  workspace.mark(.gemm)
  addBias(mu, bias: network.mu.bias)
  workspace.mark(.elementwise)
  if let head = network.logVar {
    let logVar = workspace.latents.logVar.prefix(count)
    workspace.products.multiply(last, head.weights, into: logVar)
    workspace.mark(.gemm)
    addBias(logVar, bias: head.bias)
    workspace.mark(.elementwise)
  }
}

/// Decoder: codes (rows × latents) → hidden outputs → logits without their bias.
func decode(_ network: Network, codes: Matrix, _ workspace: Workspace) {
  let count = codes.rows
  var input = codes
  for (index, layer) in network.decoder.enumerated() {
    let output = workspace.decoder[index].prefix(count)
    forward(layer, input, output, network.settings, workspace)
    input = output
  }
  workspace.products.multiply(input, network.output.weights, into: workspace.logits.prefix(count))
  workspace.mark(.gemm)
}

/// output ← f(input · W + b).
private func forward(
  _ layer: Network.Layer, _ input: Matrix, _ output: Matrix, _ settings: NetworkSettings,
  _ workspace: Workspace
) {
  workspace.products.multiply(input, layer.weights, into: output)
  workspace.mark(.gemm)
  switch settings.activation {
  case .relu: addBiasAndActivate(output, bias: layer.bias, ReLU.self)
  case .tanh: addBiasAndActivate(output, bias: layer.bias, HyperbolicTangent.self)
  case .sigmoid: addBiasAndActivate(output, bias: layer.bias, Sigmoid.self)
  case .elu: addBiasAndActivate(output, bias: layer.bias, ELU.self)
  }
  workspace.mark(.elementwise)
}

/// output ← f(x · W + b) for sparse x, in one pass.
private func forwardSparse(
  _ layer: Network.Layer, _ batch: SparseBatch, _ output: Matrix, _ settings: NetworkSettings
) {
  let (weights, bias) = (layer.weights, layer.bias)
  switch settings.activation {
  case .relu: multiplySparseRows(batch, weights, bias: bias, into: output, ReLU.self)
  case .tanh: multiplySparseRows(batch, weights, bias: bias, into: output, HyperbolicTangent.self)
  case .sigmoid: multiplySparseRows(batch, weights, bias: bias, into: output, Sigmoid.self)
  case .elu: multiplySparseRows(batch, weights, bias: bias, into: output, ELU.self)
  }
}

/// The reconstruction loss of the logits in `workspace`, summed over the batch; the logits remain.
func reconstructionValue(
  _ network: Network, _ images: ImageBatch, _ workspace: Workspace
) -> Double {
  let raw = workspace.logits.prefix(images.count)
  let (bias, unused) = (network.output.bias, network.output.biasGradient)
  switch network.settings.loss {
  case .bce:
    return reconstructionPass(
      raw, bias: bias, pixels: images.pixels, scale: 1, biasGradient: unused, BernoulliLoss.self,
      ValuePass.self)
  case .mse:
    return reconstructionPass(
      raw, bias: bias, pixels: images.pixels, scale: 1, biasGradient: unused,
      SquaredErrorLoss.self, ValuePass.self)
  }
}
