import Compute

extension Trainer {
  /// Where the run stands, to be gone on from by a trainer of the same point.
  ///
  /// To be asked for within `observe` or when `run` has returned nil.
  package var state: TrainerState {
    var tensors: [Float] = []
    for arena in arenas { network.layout.collect(arena, into: &tensors) }
    return TrainerState(
      epoch: position.epoch, image: position.image, step: position.step, loss: position.loss,
      // The record of an epoch that is not over is made anew.
      history: Array(history.prefix(position.epoch)), captured: captured, tensors: tensors,
      imagesTrained: imagesTrained, trainingSeconds: trainingSeconds)
  }

  /// Goes on from `state`; to be called before `run`.
  ///
  /// - Throws: `InvalidValue` where it cannot be a state of this run; nothing is changed then.
  package func restore(_ state: TrainerState) throws(InvalidValue) {
    let size = arenas.count * network.layout.unpaddedCount
    let batches = (trainCount + configuration.batchSize - 1) / configuration.batchSize
    let done =
      state.image == trainCount
      ? batches : state.image / max(1, min(configuration.batchSize, trainCount))
    let isBetweenBatches =
      state.image == trainCount || state.image % min(configuration.batchSize, trainCount) == 0
    guard state.tensors.count == size,
      (0...configuration.epochs).contains(state.epoch), (0...trainCount).contains(state.image),
      state.epoch < configuration.epochs || state.image == 0, isBetweenBatches,
      state.step == state.epoch * batches + done,
      state.history.map(\.epoch) == Array(1..<(state.epoch + 1)),
      fits(state.captured.digits, trajectoryImages?.firsts.count),
      fits(state.captured.cloud, trajectoryImages?.indices.count)
    else {
      throw InvalidValue(
        key: "checkpoint", value: "step \(state.step)",
        expected: "the state of a run of this point between two batches")
    }
    var rest = state.tensors[...]
    for arena in arenas { network.layout.distribute(&rest, to: arena) }
    position = Position(
      epoch: state.epoch, image: state.image, step: state.step, loss: state.loss)
    resumedAt = state.step
    history = state.history
    captured = state.captured
    imagesTrained = state.imagesTrained
    trainingSeconds = state.trainingSeconds
  }

  /// Whether a track has the codes of so many images for each of its steps.
  private func fits(_ track: CapturedState.Track, _ images: Int?) -> Bool {
    let count = track.steps.count * (images ?? 0) * network.layout.latentDim
    return track.mu.count == count && track.sigma2.count == count
      && (images != nil || track.steps.isEmpty)
  }

  /// The parameters and the moments that the optimiser has.
  private var arenas: [UnsafeMutablePointer<Float>] {
    switch configuration.optimizer {
    case .adam: [network.parameters, network.firstMoments, network.secondMoments]
    case .rmsprop: [network.parameters, network.secondMoments]
    case .sgd: [network.parameters, network.firstMoments]
    }
  }
}

extension ParameterLayout {
  /// Parameters, padding left out.
  var unpaddedCount: Int { layers.reduce(0) { $0 + ($1.inputs + 1) * $1.outputs } }

  /// Appends what lies in `arena`, padding left out.
  fileprivate func collect(_ arena: UnsafeMutablePointer<Float>, into floats: inout [Float]) {
    floats.reserveCapacity(floats.count + unpaddedCount)
    for layer in layers {
      let weights = layer.weights(in: arena)
      for row in 0..<weights.rows {
        floats.append(
          contentsOf: UnsafeBufferPointer(start: weights.row(row), count: weights.columns))
      }
      floats.append(
        contentsOf: UnsafeBufferPointer(start: layer.bias(in: arena), count: layer.outputs))
    }
  }

  /// Takes what `collect` appended off the front of `floats`; the padding stays zero.
  fileprivate func distribute(
    _ floats: inout ArraySlice<Float>, to arena: UnsafeMutablePointer<Float>
  ) {
    func move(_ count: Int, to target: UnsafeMutablePointer<Float>) {
      floats.prefix(count).withUnsafeBufferPointer { source in
        guard let base = source.baseAddress else { return }
        target.update(from: base, count: source.count)
      }
      floats = floats.dropFirst(count)
    }
    for layer in layers {
      let weights = layer.weights(in: arena)
      for row in 0..<weights.rows { move(weights.columns, to: weights.row(row)) }
      move(layer.outputs, to: layer.bias(in: arena))
    }
  }
}
