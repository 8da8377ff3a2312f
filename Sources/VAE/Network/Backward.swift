import Compute

/// The summed losses of one batch, in nats.
package struct BatchLoss {
  package var reconstruction: Double
  package var kl: Double
}

/// Leaves the gradients of one batch in `network` and returns its losses.
///
/// Every gradient tensor is the mean over the batch of ∂(reconstruction + KL term); the term is
/// kl_weight · KL unless `objective` says otherwise. The noise ε must lie in `workspace` where there is
/// sampling. `layerIsDone` is called once for every layer, when its gradients are known and nothing of the
/// batch reads its parameters any more: it may change them. Gradients that take turns are gone after it.
package func lossAndGradients(
  _ network: Network, _ images: ImageBatch, _ workspace: Workspace, _ objective: KLObjective? = nil,
  layerIsDone: (Network.Layer) -> Void = { _ in }
) -> BatchLoss {
  let count = images.count
  encode(network, images, workspace)
  let latents = workspace.latents.prefix(count)
  let kl: Double
  if network.logVar != nil {
    kl = sampleLatents(latents)
    workspace.mark(.elementwise)
    decode(network, codes: latents.z, workspace)
  } else {
    kl = quadraticPenalty(latents.mu)
    workspace.mark(.elementwise)
    decode(network, codes: latents.mu, workspace)
  }
  let reconstruction = reconstructionGradient(network, images, workspace)
  workspace.mark(.loss)
  fillKLWeights(
    workspace.klWeights, objective ?? KLObjective(weight: network.settings.klWeight), latents,
    sampling: network.logVar != nil)
  backward(network, images, workspace, layerIsDone)
  return BatchLoss(reconstruction: reconstruction, kl: kl)
}

/// logits ← gradient by the logits; the output layer's bias gradient; returns the summed loss.
func reconstructionGradient(
  _ network: Network, _ images: ImageBatch, _ workspace: Workspace
) -> Double {
  let raw = workspace.logits.prefix(images.count)
  let output = network.output
  let scale = 1 / Float(images.count)
  switch network.settings.loss {
  case .bce:
    return reconstructionPass(
      raw, bias: output.bias, pixels: images.pixels, scale: scale,
      biasGradient: output.biasGradient, BernoulliLoss.self, GradientPass.self)
  case .mse:
    return reconstructionPass(
      raw, bias: output.bias, pixels: images.pixels, scale: scale,
      biasGradient: output.biasGradient, SquaredErrorLoss.self, GradientPass.self)
  }
}

/// From the gradient by the logits to the gradients of all parameters.
private func backward(
  _ network: Network, _ images: ImageBatch, _ workspace: Workspace,
  _ layerIsDone: (Network.Layer) -> Void
) {
  let count = images.count
  let latents = workspace.latents.prefix(count)
  let codes = network.logVar == nil ? latents.mu : latents.z

  // Decoder, from the output down. `upper` is the layer whose delta is known.
  var upper = network.output
  var upperDelta = workspace.logits.prefix(count)
  for index in network.decoder.indices.reversed() {
    let outputs = workspace.decoder[index].prefix(count)
    let delta = workspace.decoderDeltas[index].prefix(count)
    workspace.products.multiply(transposing: outputs, upperDelta, into: upper.weightGradient)
    workspace.products.multiply(upperDelta, transposing: upper.weights, into: delta)
    workspace.mark(.gemm)
    layerIsDone(upper)
    backward(activation: network.settings.activation, delta, outputs, network.decoder[index])
    workspace.mark(.elementwise)
    (upper, upperDelta) = (network.decoder[index], delta)
  }
  workspace.products.multiply(transposing: codes, upperDelta, into: upper.weightGradient)
  let latentDelta = workspace.latentDelta.prefix(count)
  workspace.products.multiply(upperDelta, transposing: upper.weights, into: latentDelta)
  workspace.mark(.gemm)
  layerIsDone(upper)

  // Latent layer and heads.
  let logVarDelta = workspace.logVarDelta.prefix(count)
  if network.logVar != nil {
    backpropagateSampling(
      latents, dz: latentDelta, dLogVar: logVarDelta, weights: workspace.klWeights)
  } else {
    backpropagatePenalty(mu: latents.mu, dz: latentDelta, weights: workspace.klWeights)
  }
  sumColumns(latentDelta, into: network.mu.biasGradient)
  if let head = network.logVar { sumColumns(logVarDelta, into: head.biasGradient) }
  workspace.mark(.elementwise)
  let top = network.encoder.count - 1
  let topOutputs = workspace.encoder[top].prefix(count)
  let topDelta = workspace.encoderDeltas[top].prefix(count)
  workspace.products.multiply(transposing: topOutputs, latentDelta, into: network.mu.weightGradient)
  workspace.products.multiply(latentDelta, transposing: network.mu.weights, into: topDelta)
  if let head = network.logVar {
    workspace.products.multiply(transposing: topOutputs, logVarDelta, into: head.weightGradient)
    workspace.products.multiply(
      logVarDelta, transposing: head.weights, into: topDelta, adding: true)
  }
  workspace.mark(.gemm)
  layerIsDone(network.mu)
  if let head = network.logVar { layerIsDone(head) }

  // Encoder, down to the images.
  for index in network.encoder.indices.reversed() {
    let layer = network.encoder[index]
    let delta = workspace.encoderDeltas[index].prefix(count)
    backward(
      activation: network.settings.activation, delta, workspace.encoder[index].prefix(count), layer)
    workspace.mark(.elementwise)
    if index > 0 {
      let below = workspace.encoder[index - 1].prefix(count)
      workspace.products.multiply(transposing: below, delta, into: layer.weightGradient)
      workspace.products.multiply(
        delta, transposing: layer.weights, into: workspace.encoderDeltas[index - 1].prefix(count))
      workspace.mark(.gemm)
      layerIsDone(layer)
      continue
    }
    switch images.input {
    case .dense(let input):
      workspace.products.multiply(transposing: input, delta, into: layer.weightGradient)
      workspace.mark(.gemm)
    case .sparse(let batch):
      batch.sortByColumn()
      multiplySparseColumns(batch, delta, into: layer.weightGradient)
      workspace.mark(.sparse)
    }
    layerIsDone(layer)
  }
}

/// delta ← delta ⊙ f′ and the layer's bias gradient.
private func backward(
  activation: Activation, _ delta: Matrix, _ outputs: Matrix, _ layer: Network.Layer
) {
  let bias = layer.biasGradient
  switch activation {
  case .relu: backpropagateActivation(delta, outputs: outputs, biasGradient: bias, ReLU.self)
  case .tanh:
    backpropagateActivation(delta, outputs: outputs, biasGradient: bias, HyperbolicTangent.self)
  case .sigmoid:
    backpropagateActivation(delta, outputs: outputs, biasGradient: bias, Sigmoid.self)
  case .elu: backpropagateActivation(delta, outputs: outputs, biasGradient: bias, ELU.self)
  }
}
