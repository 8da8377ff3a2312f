import Compute

/// The activations, and for training their gradients, of one batch: one arena, made once.
package final class Workspace {
  let capacity: Int
  let products = DenseProducts()
  let encoder: [Matrix]
  package let latents: LatentBatch
  let decoder: [Matrix]
  /// Logits before their bias; after a gradient pass, the gradient by the logits.
  let logits: Matrix
  /// Gradients by the pre-activations, same shapes; empty without `withGradient`.
  let encoderDeltas: [Matrix]
  let decoderDeltas: [Matrix]
  /// dz, then dμ.
  let latentDelta: Matrix
  let logVarDelta: Matrix
  /// One row: the weight of each latent's divergence.
  let klWeights: Matrix
  /// Set by the benchmark alone.
  var clock: StepClock?
  private let arena: Arena

  package init(layout: ParameterLayout, capacity: Int, withGradient: Bool) {
    self.capacity = capacity
    func size(_ columns: Int) -> Int { Arena.size(rows: capacity, columns: columns) }
    let hidden = layout.encoder.map(\.outputs)
    let hiddenSize = hidden.reduce(0) { $0 + size($1) }
    let latentSize = size(layout.latentDim)
    let arena = Arena(
      count: (withGradient ? 4 : 2) * hiddenSize + 7 * latentSize + size(layout.inputSize)
        + Arena.size(rows: 1, columns: layout.latentDim))
    func matrix(_ columns: Int) -> Matrix {
      arena.takeMatrix(rows: capacity, columns: columns)
    }
    encoder = hidden.map(matrix)
    let latent = layout.latentDim
    latents = LatentBatch(
      mu: matrix(latent), logVar: matrix(latent), sigma: matrix(latent), epsilon: matrix(latent),
      z: matrix(latent))
    decoder = hidden.reversed().map(matrix)
    encoderDeltas = withGradient ? hidden.map(matrix) : []
    decoderDeltas = withGradient ? hidden.reversed().map(matrix) : []
    latentDelta = matrix(latent)
    logVarDelta = matrix(latent)
    klWeights = arena.takeMatrix(rows: 1, columns: latent)
    logits = matrix(layout.inputSize)
    self.arena = arena
  }
}

extension Workspace {
  /// Ends a part of the step, where the benchmark is watching.
  @inline(__always)
  func mark(_ phase: StepPhase) { clock?.mark(phase) }
}

extension LatentBatch {
  /// The first `count` rows of each.
  func prefix(_ count: Int) -> LatentBatch {
    LatentBatch(
      mu: mu.prefix(count), logVar: logVar.prefix(count), sigma: sigma.prefix(count),
      epsilon: epsilon.prefix(count), z: z.prefix(count))
  }
}
