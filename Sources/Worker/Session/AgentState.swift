package import Sweep
package import VAE
package import Wire

/// Where a session stands with its coordinator.
package enum Standing: Hashable, Sendable {
  /// Has said hello; waits for terms.
  case seeking
  /// Is fetching the dataset or starting trainers to meet the terms.
  case preparing
  /// Meets the terms; takes points.
  ///
  /// The sweep may be complete: until `concludesAt` it waits for what it has delivered to be committed.
  case working(concludesAt: Duration?)
  /// Was asked to stop; waits for acknowledgements until then.
  case stopping(deadline: Duration)
  case ended

  package var isWorking: Bool { if case .working = self { true } else { false } }

  package var isStopping: Bool { if case .stopping = self { true } else { false } }
}

/// A granted attempt and what it is to train.
package struct HeldPoint: Sendable {
  package let attempt: AttemptID
  package let key: PointKey
  package let point: Point
  /// What is to be kept of the run beside its result.
  package var artifacts: Set<ArtifactKind> = []
  /// What the coordinator has of it.
  package var checkpoint: CheckpointReference?

  /// What a line about it is about.
  var subject: LogSubject { LogSubject(point: key, attempt: attempt) }

  package init(
    attempt: AttemptID, key: PointKey, point: Point, artifacts: Set<ArtifactKind> = [],
    checkpoint: CheckpointReference? = nil
  ) {
    self.attempt = attempt
    self.key = key
    self.point = point
    self.artifacts = artifacts
    self.checkpoint = checkpoint
  }
}

/// The attempts settled last; older ones are forgotten, and what a coordinator said so long ago
/// does not arrive any more.
package struct RecentAttempts: Sendable {
  private var members: Set<AttemptID> = []
  private var order: [AttemptID] = []
  private let capacity = 4096

  package func contains(_ id: AttemptID) -> Bool { members.contains(id) }

  package mutating func insert(_ id: AttemptID) {
    guard members.insert(id).inserted else { return }
    order.append(id)
    guard order.count > 2 * capacity else { return }
    for old in order.prefix(capacity) { members.remove(old) }
    order.removeFirst(capacity)
  }
}
