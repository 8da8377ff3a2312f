package import Sweep
package import VAE

/// One attempt a worker holds.
package struct HeldAttempt: Hashable, Sendable {
  package var attempt: AttemptID
  package var progress: AttemptProgress
  /// The outcome is in the outbox, not yet acknowledged.
  package var finished: Bool

  package init(attempt: AttemptID, progress: AttemptProgress, finished: Bool) {
    self.attempt = attempt
    self.progress = progress
    self.finished = finished
  }
}

/// Everything a worker holds, so that the loss of any earlier message heals.
package struct Heartbeat: Hashable, Sendable {
  package var held: [HeldAttempt]
  /// Points the worker would take now, beyond those it holds.
  package var credit: Int
  /// Artifacts of attempts whose outcome is acknowledged.
  package var artifacts: [HeldArtifact]

  package init(
    held: [HeldAttempt], credit: Int,
    artifacts: [HeldArtifact] = []
  ) {
    self.artifacts = artifacts
    self.held = held
    self.credit = credit
  }
}

/// Answers the heartbeat whose sequence number the envelope repeats.
package struct HeartbeatReply: Hashable, Sendable {
  /// The attempts of the heartbeat that should go on; the worker drops the others.
  package var keep: [AttemptID]

  package init(keep: [AttemptID]) {
    self.keep = keep
  }
}

/// A point to train.
package struct Grant: Hashable, Sendable {
  package var attempt: AttemptID
  package var key: PointKey
  package var point: Point
  /// What is to be kept of the run beside its result.
  package var artifacts: Set<ArtifactKind>
  /// Where to go on; nil: from the start.
  package var checkpoint: CheckpointReference?

  package init(
    attempt: AttemptID, key: PointKey, point: Point,
    artifacts: Set<ArtifactKind> = [], checkpoint: CheckpointReference? = nil
  ) {
    self.artifacts = artifacts
    self.attempt = attempt
    self.key = key
    self.point = point
    self.checkpoint = checkpoint
  }
}
