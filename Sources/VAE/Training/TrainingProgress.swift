/// Where a training run stands.
package struct TrainingProgress: Hashable, Sendable {
  /// The epoch that runs, from 1.
  package var epoch: Int
  package var epochs: Int
  /// Steps done in total.
  package var step: Int
  /// Steps of the whole run.
  package var steps: Int
  /// The last finished epoch; nil before there is one.
  package var ended: EpochLoss?

  package init(epoch: Int, epochs: Int, step: Int, steps: Int, ended: EpochLoss?) {
    self.epoch = epoch
    self.epochs = epochs
    self.step = step
    self.steps = steps
    self.ended = ended
  }
}

/// What a finished epoch came to: one place of a learning curve.
package struct EpochLoss: Hashable, Sendable {
  /// From 1.
  package var epoch: Int
  /// In nats per image; finite.
  package var testTotal: Double

  package init(epoch: Int, testTotal: Double) {
    self.epoch = epoch
    self.testTotal = testTotal
  }
}
