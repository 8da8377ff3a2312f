import Sweep
import Wire

/// One worker process, by its session.
struct WorkerState: Sendable {
  enum Standing: Sendable {
    /// Has said hello and is preparing.
    case introduced
    /// Meets the terms; may hold attempts.
    case admitted
  }

  let session: SessionID
  let hello: Hello
  var peer: PeerID
  var standing: Standing
  var lastHeard: Duration
  /// Points it would take beyond those assigned to it.
  var room = 0
  /// Whether it stands in the line of those with room.
  var isInLine = false
  /// Attempts assigned to it that are not settled.
  var assigned: Set<AttemptID> = []
  /// Those of `assigned` that have ended and wait for the store.
  var closing = 0
  /// Its numeric fingerprint, once it is admitted.
  var fingerprint = ""
  /// Whether it has been handed to the store: with its first attempt, so that sessions which come and
  /// go leave nothing there.
  var isRecorded = false
  /// Attempts it delivered that no store ever granted: it is told to drop them.
  ///
  /// A bounded number: what is forgotten is judged anew when it is delivered again.
  private(set) var rejected: Set<AttemptID> = []
  /// Outcomes it delivered that are on their way to the store and whose attempt is not in memory.
  var late = 0
  /// Points whose outcome it delivered first.
  var finished = 0

  mutating func reject(_ id: AttemptID) {
    if rejected.count >= Scheduler.maxRejected { rejected.removeAll() }
    rejected.insert(id)
  }

  /// Attempts that it trains, or will.
  var load: Int { assigned.count - closing }

  /// Slots that are believed: as many as `vaesweep worker` has at the most.
  var slots: Int { min(hello.slots, Scheduler.maxSlots) }

  var isAdmitted: Bool { if case .admitted = standing { true } else { false } }
  var name: String { "\(hello.host) (process \(hello.process))" }
}

/// One attempt that is not settled.
struct AttemptState: Sendable {
  enum Phase: Sendable {
    /// On its way to the store; not granted.
    case recording
    /// Granted; `listed` is when its worker was last known to hold it, or when it was granted.
    case leased(listed: Duration)
    /// Its outcome, failure or release is on its way to the store.
    case closing
  }

  let index: Int
  let key: PointKey
  let point: Point
  let session: SessionID
  var phase: Phase
  /// Another attempt has settled the position; this one's end changes nothing.
  var isSuperseded = false
  var progress = AttemptProgress(step: 0, steps: 0, epoch: 0)
  /// How long it had been trained when it failed.
  var trained: Duration = .zero
  /// Whether its worker has told of its failure, and waits to hear that it is on record.
  var isReported = false
  /// Whether its outcome has come and is on its way to the store.
  var isDelivered = false
  /// When it was last granted again because no heartbeat named it.
  var grantedAgain: Duration = .zero
  /// How long its heartbeats have shown no progress.
  var still: Duration = .zero
  /// Steps that were done before this coordinator heard of it.
  var stepsBefore = 0
  /// Its point has an outcome and lacks pictures.
  var isReplay = false
}

/// Counts over the whole sweep.
package struct SchedulerTotals: Hashable, Sendable {
  /// Different points of the grid.
  package var points: Int
  package var ok: Int
  package var diverged: Int
  /// Outcomes committed since this coordinator started.
  package var finishedHere = 0
  /// Outcomes that differ from the stored one in their result digest.
  package var faults = 0
  /// Pictures' data committed since this coordinator started.
  package var artifacts = 0
  /// Points trained again for their pictures.
  package var replays = 0
  /// Artifacts refused for their size, digest or origin.
  package var refusedArtifacts = 0
  /// Artifacts named that are not wanted, or not any more.
  package var unwantedArtifacts = 0
  /// Deliveries of attempts that were never granted, or that fit neither their point nor attempt.
  package var refusedAttempts = 0
  /// Messages ahead of the hello or the ready that they need.
  package var misplaced = 0

  var finished: Int { ok + diverged }
}
