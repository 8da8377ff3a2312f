/// A training run between two steps: all that the rest of it depends on.
///
/// Restored into a trainer of the same point it ends in the same bits as a run without a pause. Draws
/// are addressed by position, so no generator has a state of its own.
package struct TrainerState: Hashable, Sendable {
  /// From 0.
  package var epoch: Int
  /// Images of this epoch that are done.
  package var image: Int
  /// Steps in total.
  package var step: Int
  /// Sum of the losses over the epoch's images so far, in nats.
  package var loss: Double
  /// One record for each finished epoch.
  package var history: [EpochRecord]
  package var captured: CapturedState
  /// The parameters, then each of the moments that the optimiser has; unpadded, in the order of
  /// `ParameterLayout`.
  package var tensors: [Float]
  /// For the receipt: images that steps have seen, and seconds spent in steps.
  package var imagesTrained: Int
  package var trainingSeconds: Double

  package init(
    epoch: Int, image: Int, step: Int, loss: Double, history: [EpochRecord],
    captured: CapturedState, tensors: [Float], imagesTrained: Int, trainingSeconds: Double
  ) {
    self.epoch = epoch
    self.image = image
    self.step = step
    self.loss = loss
    self.history = history
    self.captured = captured
    self.tensors = tensors
    self.imagesTrained = imagesTrained
    self.trainingSeconds = trainingSeconds
  }
}

extension TrainerState {
  /// The bytes that `init(data:)` reads: numbers of eight bytes, then the history, what was captured
  /// behind its length, and the tensors as float32, all little-endian.
  package var data: [UInt8] {
    var bytes: [UInt8] = []
    for number in [epoch, image, step, imagesTrained, history.count] {
      bytes.append(littleEndian: UInt64(number))
    }
    bytes.append(littleEndian: loss)
    bytes.append(littleEndian: trainingSeconds)
    for record in history {
      bytes.append(littleEndian: UInt64(record.epoch))
      for value in [
        record.trainRunningTotal, record.test.reconstruction, record.test.kl, record.test.total,
        record.testReconstructionAtMean,
      ] { bytes.append(littleEndian: value) }
    }
    let captured = captured.data
    bytes.append(littleEndian: UInt64(captured.count))
    bytes += captured
    bytes.append(littleEndian: UInt64(tensors.count))
    tensors.withUnsafeBufferPointer { bytes.append(littleEndian: $0) }
    return bytes
  }

  /// Reads what `data` wrote; nil where the bytes are anything else.
  package init?(data: [UInt8]) {
    var reader = BinaryReader(data)
    guard let epoch = reader.count(), let image = reader.count(), let step = reader.count(),
      let images = reader.count(), let records = reader.count(), let loss = reader.double(),
      let seconds = reader.double(), records <= Configuration.maxEpochs
    else { return nil }
    var history: [EpochRecord] = []
    for _ in 0..<records {
      guard let epoch = reader.count(), let running = reader.double(),
        let reconstruction = reader.double(), let kl = reader.double(), let total = reader.double(),
        let atMean = reader.double()
      else { return nil }
      history.append(
        EpochRecord(
          epoch: epoch, trainRunningTotal: running,
          test: LossTerms(reconstruction: reconstruction, kl: kl, total: total),
          testReconstructionAtMean: atMean))
    }
    guard let length = reader.count(), let bytes = reader.take(length),
      let captured = CapturedState(data: Array(bytes)), captured.data.elementsEqual(bytes),
      let count = reader.count(),
      let tensors = reader.floats(count), reader.left == 0
    else { return nil }
    self.init(
      epoch: epoch, image: image, step: step, loss: loss, history: history, captured: captured,
      tensors: tensors, imagesTrained: images, trainingSeconds: seconds)
  }
}
