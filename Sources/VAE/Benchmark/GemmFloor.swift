import Compute

/// The dense products of one training step alone, through the same OpenBLAS on the same shapes.
///
/// Operands are as large as a step's and used in a step's order, so they are as cold as there.
final class GemmFloor {
  private let network: Network
  private let workspace: Workspace
  private let input: Matrix
  private let arena: Arena
  private let batchSize: Int

  init(configuration: Configuration) {
    batchSize = configuration.batchSize
    let layout = ParameterLayout(configuration.architecture, sampling: configuration.sampling)
    network = Network(layout: layout, settings: NetworkSettings(configuration))
    workspace = Workspace(layout: layout, capacity: batchSize, withGradient: true)
    arena = Arena(count: Arena.size(rows: batchSize, columns: layout.inputSize))
    input = arena.takeMatrix(rows: batchSize, columns: layout.inputSize)
    let philox = Philox(key: (0, 0))
    func fill(_ values: UnsafeMutablePointer<Float>, _ count: Int) {
      for i in 0..<count {
        values[i] = Float(philox.block(SIMD4(UInt32(i), 0, 0, 0)).x >> 8) * 0x1p-28
      }
    }
    fill(network.parameters, layout.count)
    fill(input.base, batchSize * input.stride)
  }

  /// MACs per image: forward, weight gradient and, but for the first layer, input gradient.
  var multiplyAddsPerImage: Double {
    let layers = network.layout.layers
    let products = layers.reduce(0) { $0 + 3 * $1.inputs * $1.outputs }
    return Double(products - layers[0].inputs * layers[0].outputs)
  }

  /// Runs until `enough`; returns the images.
  func run(until enough: () -> Bool) -> Int {
    var images = 0
    repeat {
      forward()
      backward()
      images += batchSize
    } while !enough()
    return images
  }

  private func forward() {
    var below = input
    for (layer, output) in zip(network.encoder, workspace.encoder) {
      BLAS.multiply(below, layer.weights, into: output)
      below = output
    }
    BLAS.multiply(below, network.mu.weights, into: workspace.latents.mu)
    if let head = network.logVar {
      BLAS.multiply(below, head.weights, into: workspace.latents.logVar)
    }
    below = workspace.latents.mu
    for (layer, output) in zip(network.decoder, workspace.decoder) {
      BLAS.multiply(below, layer.weights, into: output)
      below = output
    }
    BLAS.multiply(below, network.output.weights, into: workspace.logits)
  }

  private func backward() {
    var (layer, delta) = (network.output, workspace.logits)
    for index in network.decoder.indices.reversed() {
      BLAS.multiply(transposing: workspace.decoder[index], delta, into: layer.weightGradient)
      BLAS.multiply(
        delta, transposing: layer.weights, into: workspace.decoderDeltas[index])
      (layer, delta) = (network.decoder[index], workspace.decoderDeltas[index])
    }
    BLAS.multiply(transposing: workspace.latents.mu, delta, into: layer.weightGradient)
    BLAS.multiply(delta, transposing: layer.weights, into: workspace.latentDelta)
    let top = network.encoder.count - 1
    let heads = [network.mu] + (network.logVar.map { [$0] } ?? [])
    for head in heads {
      BLAS.multiply(
        transposing: workspace.encoder[top], workspace.latentDelta, into: head.weightGradient)
      BLAS.multiply(
        workspace.latentDelta, transposing: head.weights, into: workspace.encoderDeltas[top])
    }
    for index in network.encoder.indices.reversed() {
      let below = index == 0 ? input : workspace.encoder[index - 1]
      let delta = workspace.encoderDeltas[index]
      BLAS.multiply(transposing: below, delta, into: network.encoder[index].weightGradient)
      if index > 0 {
        BLAS.multiply(
          delta, transposing: network.encoder[index].weights,
          into: workspace.encoderDeltas[index - 1])
      }
    }
  }
}
