import Sweep
import VAE
import Wire

/// Where a session stands with its coordinator.
enum Standing: Hashable, Sendable {
  /// Has said hello; waits for terms.
  case seeking
  /// Is fetching the dataset or starting trainers to meet the terms.
  case preparing
  /// Meets the terms; takes points.
  case working
  /// Was asked to stop; waits for acknowledgements until then.
  case stopping(deadline: Duration)
  case ended
}

/// A granted attempt and what it is to train.
struct HeldPoint: Sendable {
  let attempt: AttemptID
  let key: PointKey
  let point: Point
  /// What is to be kept of the run for its pictures.
  var pictures: Set<PictureKind> = []
  /// What the coordinator has of it.
  var checkpoint: CheckpointReference?
}

/// A trainer process and what it does.
struct Slot: Sendable {
  enum State: Sendable {
    case absent
    /// Started; has not said that it is ready.
    case starting
    case idle
    case training(HeldPoint, AttemptProgress)
    /// Killed on purpose; its end is awaited.
    case ending
  }

  var state: State = .absent
  /// When it was given its point.
  var startedAt: Duration = .zero
  /// Ends in a row before it was ready.
  var falseStarts = 0
  /// When it was last seen to be farther than before.
  var movedAt: Duration = .zero

  var isAlive: Bool {
    switch state {
    case .absent: false
    case .starting, .idle, .training, .ending: true
    }
  }
}

/// Something for the coordinator that is not acknowledged yet.
struct Outgoing: Sendable {
  let report: AttemptReport
  /// nil where it was not sent by this process yet.
  var sentAt: Duration?
  /// Sent once only, so that the answer is to what was sent then.
  var isFirst = true
}

/// The attempts settled last; older ones are forgotten, and what a coordinator said so long ago
/// does not arrive any more.
struct RecentAttempts: Sendable {
  private var members: Set<AttemptID> = []
  private var order: [AttemptID] = []
  private let capacity = 4096

  func contains(_ id: AttemptID) -> Bool { members.contains(id) }

  mutating func insert(_ id: AttemptID) {
    guard members.insert(id).inserted else { return }
    order.append(id)
    guard order.count > 2 * capacity else { return }
    for old in order.prefix(capacity) { members.remove(old) }
    order.removeFirst(capacity)
  }
}
