internal import Glibc
import Sweep
import VAE
import Wire

/// Writes and reads the checkpoints of one order, in the trainer's process.
///
/// A file appears under its name complete or not at all. It is not synced: what a host's crash leaves
/// behind is recognised by its SHA-256, and a killed process leaves everything.
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
      guard let bytes = readFile(path) else { throw CheckpointError("it cannot be read") }
      let checkpoint = try Checkpoint(decoding: bytes)
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
    if let code = Self.replace(path, with: bytes) {
      if !hasComplained { say("cannot write \(path): \(String(cString: strerror(code)))") }
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

  static func replace(_ path: String, with bytes: [UInt8]) -> Int32? {
    let temporary = "\(path).new"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return errno }
    let failure = writeAll(bytes, to: descriptor)
    close(descriptor)
    if let code = failure ?? (rename(temporary, path) == 0 ? nil : errno) {
      unlink(temporary)
      return code
    }
    return nil
  }

  private func say(_ text: String) {
    _ = writeAll(Array("vaesweep trainer: \(text)\n".utf8), to: STDERR_FILENO)
  }
}
