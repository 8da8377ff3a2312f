package import Sweep

/// The state of a training run between two steps, as a blob.
package struct CheckpointReference: Hashable, Sendable {
  /// The most bytes of a checkpoint that moves between hosts.
  package static let largest = 256 << 20

  package var digest: Digest
  package var size: Int
  /// Steps done.
  package var step: Int
  /// It may be gone on from under the same numeric fingerprint only.
  package var fingerprint: String

  package init(digest: Digest, size: Int, step: Int, fingerprint: String) {
    self.digest = digest
    self.size = size
    self.step = step
    self.fingerprint = fingerprint
  }
}

/// The worker has a checkpoint of an attempt it holds; repeated until it is answered.
package struct CheckpointOffer: Hashable, Sendable {
  package var attempt: AttemptID
  package var checkpoint: CheckpointReference

  package init(attempt: AttemptID, checkpoint: CheckpointReference) {
    self.attempt = attempt
    self.checkpoint = checkpoint
  }
}

/// The coordinator needs nothing more of an offer.
package struct CheckpointReply: Hashable, Sendable {
  package var attempt: AttemptID
  package var digest: Digest
  /// It is durable; false where it is not wanted.
  package var stored: Bool

  package init(attempt: AttemptID, digest: Digest, stored: Bool) {
    self.attempt = attempt
    self.digest = digest
    self.stored = stored
  }
}

/// Where a trainer keeps the checkpoints of its order.
package struct TrainerCheckpoints: Hashable, Sendable {
  package var attempt: AttemptID
  /// A checkpoint's path is this, a dot and its step.
  package var path: String
  /// The least time between two; zero: only when asked for.
  package var every: Duration
  /// The one to go on from; nil: from the start.
  package var resume: String?

  package init(attempt: AttemptID, path: String, every: Duration, resume: String?) {
    self.attempt = attempt
    self.path = path
    self.every = every
    self.resume = resume
  }
}

/// A checkpoint of the order under way is on the disk.
package struct TrainerCheckpoint: Hashable, Sendable {
  package var attempt: AttemptID
  package var path: String
  package var checkpoint: CheckpointReference
  /// Training time that would have to be spent again without it.
  package var trained: Duration
  /// The trainer stopped there, as it was asked to.
  package var isStopped: Bool

  package init(
    attempt: AttemptID, path: String, checkpoint: CheckpointReference, trained: Duration,
    isStopped: Bool
  ) {
    self.attempt = attempt
    self.path = path
    self.checkpoint = checkpoint
    self.trained = trained
    self.isStopped = isStopped
  }
}
