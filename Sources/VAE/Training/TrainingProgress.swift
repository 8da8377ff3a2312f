/// Where a training run stands.
package struct TrainingProgress: Hashable, Sendable {
  /// The epoch that runs, from 1.
  package var epoch: Int
  package var epochs: Int
  /// Steps done in total.
  package var step: Int
  /// Steps of the whole run.
  package var steps: Int
  /// The test total of the last finished epoch.
  package var lastTestTotal: Double?

  package init(epoch: Int, epochs: Int, step: Int, steps: Int, lastTestTotal: Double?) {
    self.epoch = epoch
    self.epochs = epochs
    self.step = step
    self.steps = steps
    self.lastTestTotal = lastTestTotal
  }
}
