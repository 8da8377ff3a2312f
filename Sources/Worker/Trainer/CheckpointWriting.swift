internal import Glibc
import Platform
import Sweep
import VAE
import Wire

/// Writes and reads the checkpoints of one order, in the trainer's process.
///
/// A file appears under its name complete and durable, or not at all.
struct CheckpointWriting {
  let order: TrainerOrder
  let checkpoints: TrainerCheckpoints
  let fingerprint: String
  private var last = ContinuousClock.now
  private var lastStep = 0
  private var hasComplained = false

  init(order: TrainerOrder, checkpoints: TrainerCheckpoints, fingerprint: String) {
    self.order = order
    self.checkpoints = checkpoints
    self.fingerprint = fingerprint
  }

  /// The state to go on from, or nil: from the start.
  ///
  /// A file that does not serve is removed.
  mutating func resume() -> TrainerState? {
    guard let path = checkpoints.resume else { return nil }
    do throws(CheckpointError) {
      let checkpoint = try Checkpoint(decoding: CheckpointFiles.bytes(of: path))
      try checkpoint.require(
        key: order.key, fingerprint: fingerprint, trainerVersion: Trainer.version)
      lastStep = checkpoint.state.step
      return checkpoint.state
    } catch {
      say("cannot go on from \(path): \(error); training from the start")
      unlink(path)
      return nil
    }
  }

  /// Whether the next one is due.
  func isDue(at now: ContinuousClock.Instant) -> Bool {
    checkpoints.every > .zero && now - last >= checkpoints.every
  }

  /// Writes the state of `trainer`; nil where nothing is new, or it cannot be written.
  mutating func write(_ trainer: Trainer, isStopped: Bool) -> TrainerCheckpoint? {
    last = ContinuousClock.now
    let state = trainer.state
    guard state.step > lastStep || (isStopped && state.step > 0) else { return nil }
    let bytes = Checkpoint(
      key: order.key, attempt: checkpoints.attempt, fingerprint: fingerprint,
      trainerVersion: Trainer.version, state: state
    ).data
    let path = "\(checkpoints.path).\(state.step)"
    do throws(SystemError) {
      try DurableFile.replace(path, with: bytes, mode: 0o600)
    } catch {
      if !hasComplained { say("\(error)") }
      hasComplained = true
      return nil
    }
    lastStep = state.step
    return TrainerCheckpoint(
      attempt: checkpoints.attempt, path: path,
      checkpoint: CheckpointReference(
        digest: Digest(of: bytes), size: bytes.count, step: state.step, fingerprint: fingerprint),
      trained: .seconds(state.trainingSeconds), isStopped: isStopped)
  }

  private func say(_ text: String) {
    // Where nobody can be told, the training still goes on.
    try? Platform.writeAll(Array("vaesweep trainer: \(text)\n".utf8), to: STDERR_FILENO)
  }
}
