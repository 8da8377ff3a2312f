package import Sweep
package import Wire

/// One worker process, by its session.
package struct WorkerState: Sendable {
  /// Slots of one worker that are believed.
  package static let maxSlots = 4096
  /// Attempts of one worker: fewer than a heartbeat can name.
  static let maxHeld = 1 << 15
  /// Attempts for each slot of a worker.
  static let maxAhead = 1024
  /// Late outcomes of one worker on their way to the store.
  static let maxLate = 256
  /// Attempts per worker remembered as never granted.
  static let maxRejected = 1024

  package enum Standing: Sendable {
    /// Has said hello and is preparing.
    case introduced
    /// Meets the terms; may hold attempts.
    case admitted
  }

  package let session: SessionID
  package let hello: Hello
  /// The key that introduced it.
  package let owner: KeyOwner?
  package var peer: PeerID
  package var standing: Standing
  package var lastHeard: Duration
  /// Points it would take beyond those assigned to it.
  package var room = 0
  /// Whether it stands in the line of those with room.
  package var isInLine = false
  /// Attempts assigned to it that are not settled.
  package var assigned: Set<AttemptID> = []
  /// Those of `assigned` that have ended and wait for the store.
  package var closing = 0
  /// Its numeric fingerprint, once it is admitted.
  package var fingerprint = ""
  /// Whether it has been handed to the store: with its first attempt, so that sessions which come and
  /// go leave nothing there.
  package var isRecorded = false
  /// Attempts it delivered that no store ever granted: it is told to drop them.
  ///
  /// A bounded number: what is forgotten is judged anew when it is delivered again.
  package private(set) var rejected: Set<AttemptID> = []
  /// Outcomes it delivered that are on their way to the store and whose attempt is not in memory.
  package var late = 0
  /// Points whose outcome it delivered first.
  package var finished = 0
  package var speed: TrainingSpeed

  package init(
    session: SessionID, hello: Hello, owner: KeyOwner? = nil, peer: PeerID, heard: Duration
  ) {
    self.session = session
    self.hello = hello
    self.owner = owner
    self.peer = peer
    standing = .introduced
    lastHeard = heard
    speed = TrainingSpeed(at: heard)
  }

  package mutating func reject(_ id: AttemptID) {
    if rejected.count >= Self.maxRejected { rejected.removeAll() }
    rejected.insert(id)
  }

  /// Attempts that may be assigned to it at once.
  package var maxAssigned: Int { min(Self.maxHeld, Self.maxAhead * slots) }

  /// Attempts that it trains, or will.
  package var load: Int { assigned.count - closing }

  /// Slots that are believed: as many as `vaesweep worker` has at the most.
  package var slots: Int { min(hello.slots, Self.maxSlots) }

  package var host: HostIdentity { HostIdentity(hello.host, owner: owner) }
  package var site: TrainingSite { TrainingSite(host: hello.host, cpu: hello.cpu) }
  package var isAdmitted: Bool { if case .admitted = standing { true } else { false } }
  package var name: String { LogSubject.worker(hello.host, process: hello.process) }
  /// What a line about it is about.
  package var subject: LogSubject { LogSubject(worker: name, host: hello.host) }
}

/// One attempt that is not settled.
package struct AttemptState: Sendable {
  package enum Phase: Sendable {
    /// On its way to the store; not granted.
    case recording
    /// Granted; `listed` is when its worker was last known to hold it, or when it was granted.
    case leased(listed: Duration)
    /// Its outcome, failure or release is on its way to the store.
    case closing
  }

  /// What its point is trained for.
  package enum Purpose: Hashable, Sendable {
    case outcome
    /// The point has an outcome and lacks artifacts.
    case artifacts
    /// An operator compares the outcome with one that is stored somewhere.
    case audit
  }

  package let index: Int
  package let key: PointKey
  package let point: Point
  package let session: SessionID
  package var phase: Phase
  /// Another attempt has settled the position; this one's end changes nothing.
  package var isSuperseded = false
  package var progress = AttemptProgress(step: 0, steps: 0, epoch: 0)
  /// How long it had been trained when it failed.
  package var trained: Duration = .zero
  /// Whether its worker has told of its failure, and waits to hear that it is on record.
  package var isReported = false
  /// Whether its outcome has come and is on its way to the store.
  package var isDelivered = false
  /// When it was last granted again because no heartbeat named it.
  package var grantedAgain: Duration = .zero
  /// How long its heartbeats have shown no progress.
  package var still: Duration = .zero
  /// The step of the checkpoint that it was granted with; 0 without one.
  package var checkpointStep = 0
  /// Whether it had its outcome before this coordinator heard of it.
  package var isOfBefore = false
  /// Who held it, where that worker is known no more.
  package var lostWorker: String?
  package let purpose: Purpose

  package init(
    index: Int, key: PointKey, point: Point, session: SessionID, phase: Phase,
    purpose: Purpose = .outcome
  ) {
    self.index = index
    self.key = key
    self.point = point
    self.session = session
    self.phase = phase
    self.purpose = purpose
  }
}

/// Counts over the whole sweep.
package struct SchedulerTotals: Hashable, Sendable {
  package var ok: Int
  package var diverged: Int
  /// Outcomes committed since this coordinator started.
  package var finishedHere = 0
  /// Outcomes that differ from the stored one in their result digest.
  package var faults = 0
  /// Artifacts committed since this coordinator started.
  package var artifacts = 0
  /// Artifacts refused for their size, digest or origin.
  package var refusedArtifacts = 0
  /// Artifacts named that are not wanted, or not any more.
  package var unwantedArtifacts = 0
  /// Deliveries of attempts that were never granted, or that fit neither their point nor attempt.
  package var refusedAttempts = 0
  /// Messages ahead of the hello or the ready that they need.
  package var misplaced = 0
  /// Images that were trained since this coordinator started, as far as heartbeats and outcomes tell.
  package var imagesTrained = 0

  var finished: Int { ok + diverged }
}
