package import Sweep
package import VAE
package import Wire

/// The transport's name for a peer: where to send, never who it is.
package struct PeerID: Hashable, Sendable {
  package let bytes: [UInt8]

  package init(_ bytes: [UInt8]) { self.bytes = bytes }
}

/// Where a worker's message came from, and what answers it.
struct Origin: Sendable {
  let session: SessionID
  let sequence: UInt64
  let peer: PeerID
  let owner: KeyOwner?

  init(_ session: SessionID, _ sequence: UInt64, _ peer: PeerID, _ owner: KeyOwner?) {
    self.session = session
    self.sequence = sequence
    self.peer = peer
    self.owner = owner
  }
}

/// What a scheduler can be told.
package enum SchedulerEvent: Sendable {
  /// `by` is the key that sent it; nil where no keys are in use.
  case received(Envelope<WorkerMessage>, from: PeerID, by: KeyOwner? = nil)
  /// An operator says what it lacks of its audit.
  case audit(AuditRequest, from: PeerID)
  /// The key of this session may not work any more.
  case dismissed(SessionID)
  /// Records handed out as effects are durable, in the order they were handed out.
  case committed([CommittedRecord])
  /// The answers to `.writeCheckpoint`: it is on the disk, or why it is not.
  case checkpointWritten(OfferedCheckpoint)
  case checkpointRefused(OfferedCheckpoint, String)
  /// The store can take nothing for now: its disk is full, another program has locked it. What was
  /// handed out as records waits, and is tried again.
  case storeStalled(String)
  /// It takes records again.
  case storeRecovered
  /// The design does without these positions: who trains one goes on, nobody begins one.
  case unneeded([Int])
  /// An operator, whose key it is, orders something; it is told when that is durable.
  case ordered(SweepOrder, from: PeerID, by: KeyOwner?)
  /// The coordinator is to end: nothing more is granted.
  case stopRequested
  /// Time has passed, and everything that had arrived has been handed over.
  case tick
}

/// Something that must be durable before anybody is told.
package enum Record: Sendable {
  case worker(SessionID, Hello, fingerprint: String, owner: KeyOwner?)
  // Boxed: records are handed on several times on their way, and these two are large.
  indirect case attempt(AttemptID, index: Int, key: PointKey, point: Point, session: SessionID)
  indirect case outcome(Outcome, Receipt, attempt: AttemptID, session: SessionID)
  case failure(AttemptID, key: PointKey, FailureReason)
  /// An artifact, from the attempt that made it under this fingerprint.
  case artifact(
    Artifact, key: PointKey, attempt: AttemptID, session: SessionID, fingerprint: String)
  /// The attempt ended early and through nobody's fault.
  case release(AttemptID)
  /// A host is drained, or with no reason is so no more; the failures of these attempts do not count
  /// against their points.
  case drain(host: HostIdentity, reason: String?, excused: [AttemptID])
  /// What an operator ordered; of a retry, the points whose failures so far no longer count.
  case order(SweepOrder, by: KeyOwner?, from: PeerID, reopened: [Int: PointKey])
  /// A checkpoint of the attempt's point, farther than any before, lies beside the store.
  case checkpoint(AttemptID, key: PointKey, CheckpointReference)
}

/// A record that is durable, and what the store said to it.
package struct CommittedRecord: Sendable {
  package var record: Record
  package var answer: Answer

  package init(_ record: Record, _ answer: Answer = .stored) {
    self.record = record
    self.answer = answer
  }

  package enum Answer: Hashable, Sendable {
    case stored
    /// The point had this very outcome already.
    case alreadyStored
    /// The point had another outcome, which stays; the store has kept both digests as a fault.
    case differs(stored: String)
    /// The attempt was an audit's, and nothing is stored of it; the point may have another outcome,
    /// which stays: the store has kept both digests as a fault.
    case audited(differsFrom: String?)
    /// No such attempt was ever granted, or it was for another point; or an artifact has no outcome
    /// that it belongs to. Nothing was written.
    case unknownAttempt

    /// The digest of the stored outcome, where that is another one.
    package var otherDigest: String? {
      switch self {
      case .differs(let stored): stored
      case .audited(let stored): stored
      case .stored, .alreadyStored, .unknownAttempt: nil
      }
    }
  }
}

/// What a scheduler wants done, in order.
package enum SchedulerEffect: Sendable {
  case send(Envelope<ToWorker>, to: PeerID)
  /// What an operator is told.
  case answer([Envelope<ToOperator>], to: PeerID)
  /// Send this piece of the dataset or of a checkpoint.
  case sendPiece(BlobRequest, session: SessionID, to: PeerID)
  case record(Record)
  /// Check these bytes and put them on the disk.
  case writeCheckpoint(OfferedCheckpoint, [UInt8])
  case deleteCheckpoint(Digest)
  case log(LogLine)
  /// Every point that is needed has an outcome or is failed.
  case complete
}

/// A line for whoever watches the coordinator.
package struct LogLine: Hashable, Sendable {
  package enum Level: Hashable, Sendable {
    /// What becomes of each attempt, where whoever started the coordinator asked for it.
    case attempt
    case info
    case warning
    /// Rare, and never to be lost among warnings.
    case error
  }

  package let level: Level
  package let text: String
  package let subject: LogSubject

  package init(_ level: Level, _ text: String, about subject: LogSubject = LogSubject()) {
    self.level = level
    self.text = text
    self.subject = subject
  }
}
