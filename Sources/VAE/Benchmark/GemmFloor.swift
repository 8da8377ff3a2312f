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
  private let firstLayerToo: Bool
  private let products: any MatrixProducts

  /// The products as the trainer does them, on its own buffers, which are spoilt by it; without the
  /// two that a sparse first layer replaces.
  init(sharing trainer: Trainer) {
    (network, workspace) = (trainer.network, trainer.workspace)
    products = trainer.workspace.products
    batchSize = trainer.workspace.capacity
    if case .dense(let matrix) = trainer.batch.input {
      (input, firstLayerToo) = (matrix, matrix.rows == batchSize)
    } else {
      (input, firstLayerToo) = (workspace.logits, false)
    }
    arena = Arena(count: 0)
  }

  /// The floor: all products by OpenBLAS, on buffers of their own.
  init(configuration: Configuration) {
    firstLayerToo = true
    products = OpenBLASProducts()
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
    for (index, (layer, output)) in zip(network.encoder, workspace.encoder).enumerated() {
      if index > 0 || firstLayerToo { products.multiply(below, layer.weights, into: output) }
      below = output
    }
    products.multiply(below, network.mu.weights, into: workspace.latents.mu)
    if let head = network.logVar {
      products.multiply(below, head.weights, into: workspace.latents.logVar)
    }
    below = workspace.latents.mu
    for (layer, output) in zip(network.decoder, workspace.decoder) {
      products.multiply(below, layer.weights, into: output)
      below = output
    }
    products.multiply(below, network.output.weights, into: workspace.logits)
  }

  private func backward() {
    var (layer, delta) = (network.output, workspace.logits)
    for index in network.decoder.indices.reversed() {
      products.multiply(transposing: workspace.decoder[index], delta, into: layer.weightGradient)
      products.multiply(
        delta, transposing: layer.weights, into: workspace.decoderDeltas[index], adding: false)
      (layer, delta) = (network.decoder[index], workspace.decoderDeltas[index])
    }
    products.multiply(transposing: workspace.latents.mu, delta, into: layer.weightGradient)
    products.multiply(delta, transposing: layer.weights, into: workspace.latentDelta, adding: false)
    let top = network.encoder.count - 1
    let heads = [network.mu] + (network.logVar.map { [$0] } ?? [])
    for head in heads {
      products.multiply(
        transposing: workspace.encoder[top], workspace.latentDelta, into: head.weightGradient)
      products.multiply(
        workspace.latentDelta, transposing: head.weights, into: workspace.encoderDeltas[top],
        adding: false)
    }
    for index in network.encoder.indices.reversed() {
      let below = index == 0 ? input : workspace.encoder[index - 1]
      let delta = workspace.encoderDeltas[index]
      if index > 0 || firstLayerToo {
        products.multiply(transposing: below, delta, into: network.encoder[index].weightGradient)
      }
      if index > 0 {
        products.multiply(
          delta, transposing: network.encoder[index].weights,
          into: workspace.encoderDeltas[index - 1], adding: false)
      }
    }
  }
}
