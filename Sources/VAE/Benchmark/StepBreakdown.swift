import Compute

/// Times the parts of a training step, each by itself on the trainer's own buffers.
struct StepBreakdown {
  private let trainer: Trainer

  init(_ trainer: Trainer) { self.trainer = trainer }

  /// Median seconds of each part; `elementwise` is what they leave of `secondsPerStep`.
  func measure(secondsPerStep: Double) -> TrainerBenchmark.Breakdown {
    let (network, batch, workspace) = (trainer.network, trainer.batch, trainer.workspace)
    let gather = seconds { batch.repeatLoad() }
    var sparse = 0.0
    if case .sparse(let entries) = batch.input {
      let layer = network.encoder[0]
      let output = workspace.encoder[0].prefix(batch.count)
      let delta = workspace.encoderDeltas[0].prefix(batch.count)
      sparse = seconds {
        multiplySparseRows(entries, layer.weights, bias: layer.bias, into: output, ReLU.self)
        entries.sortByColumn()
        multiplySparseColumns(entries, delta, into: layer.weightGradient)
      }
    }
    let loss = seconds { _ = reconstructionGradient(network, batch, workspace) }
    let products = GemmFloor(sharing: trainer)
    let gemm = seconds { _ = products.run { true } }
    let optimiser = seconds { network.update(trainer.configuration.optimizer, step: 1_000) }
    return TrainerBenchmark.Breakdown(
      gather: gather, gemm: gemm, sparse: sparse,
      elementwise: max(secondsPerStep - gather - gemm - sparse - loss - optimiser, 0), loss: loss,
      optimiser: optimiser)
  }

  private func seconds(_ body: () -> Void) -> Double {
    let clock = ContinuousClock()
    var samples: [Double] = []
    for _ in 0..<101 {
      let start = clock.now
      body()
      samples.append((clock.now - start).seconds)
    }
    return samples.median
  }
}
