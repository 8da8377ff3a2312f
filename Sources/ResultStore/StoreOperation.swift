package import Sweep
package import VAE

/// One durable step of a sweep; times are seconds since 1970-01-01 UTC.
package enum StoreOperation: Hashable, Sendable {
  /// An attempt that may be granted once this is committed. `worker` is recorded before it.
  // The two that are many and large are boxed: they are handed on several times on their way.
  indirect case attempt(
    AttemptID, key: PointKey, index: Int, point: Point, sweep: SweepID, worker: WorkerRecordID,
    at: Double)
  /// The outcome of a granted attempt. The first of a point stands. That of an audit's attempt
  /// (`AuditPosition`) is compared with the one that stands, where there is one, and never stored.
  indirect case outcome(Outcome, Receipt, attempt: AttemptID)
  /// An artifact from the attempt that made it. It belongs to the stored outcome of its point:
  /// only an attempt of the same worker and fingerprint, whose outcome did not differ, may add it.
  case artifact(
    Artifact, of: PointKey, attempt: AttemptID, worker: WorkerRecordID, fingerprint: String,
    at: Double)
  /// An attempt ended without an outcome. Recorded once per attempt, however often it is said.
  case failure(AttemptID, key: PointKey, FailureReason, at: Double)
  /// An attempt ended early through nobody's fault: its worker left, its coordinator was away.
  case release(AttemptID, at: Double)
  /// A worker, ahead of its first attempt; the same session again changes nothing but when it was seen.
  case worker(WorkerRecord, at: Double)
  /// A host is given nothing any more, for this reason, or again where there is none; the failures of
  /// these attempts do not count against their points. `owner` is the key whose workers are there: of
  /// another key's workers on a host of that name it says nothing.
  case drain(
    host: String, owner: String? = nil, reason: String?, excused: [AttemptID], at: Double)
  /// The newest checkpoint of a point, which takes the place of the one before; it is dropped with the
  /// point's outcome.
  case checkpoint(CheckpointRecord, at: Double)
  /// Earlier failures of these points no longer count.
  case reopen([PointKey], at: Double)
  /// What an operator ordered of a sweep; `owner` is the key that did. Earlier failures of `reopened` no
  /// longer count.
  case order(SweepOrder, of: SweepID, owner: String?, reopened: [PointKey], at: Double)
}

/// A worker as its outcomes' provenance.
package struct WorkerRecord: Hashable, Sendable {
  package var id: WorkerRecordID
  package var host: String
  package var cpu: String
  package var slots: Int
  package var version: String
  package var fingerprint: String
  /// The key that introduced it; nil where no keys were in use.
  package var owner: String?

  package init(
    id: WorkerRecordID, host: String, cpu: String, slots: Int, version: String,
    fingerprint: String, owner: String? = nil
  ) {
    self.id = id
    self.host = host
    self.cpu = cpu
    self.slots = slots
    self.version = version
    self.fingerprint = fingerprint
    self.owner = owner
  }
}

/// What became of one operation of a committed batch.
package enum StoreOutcome: Hashable, Sendable {
  /// It is in the store now.
  case stored
  /// It was in the store before, and is the same.
  case alreadyStored
  /// The point has an outcome with this result digest, which stands. The difference is recorded as
  /// a fault that names both hosts.
  case differs(existing: Digest)
  /// The attempt was an audit's: its outcome is not stored. Where the point has another one,
  /// `differsFrom` is that one's result digest, and the difference is recorded as a fault.
  case audited(differsFrom: Digest?)
  /// No such attempt was ever granted, or it was granted for another point. Nothing is stored.
  case unknownAttempt
  /// There is no outcome that the artifact can belong to, or the point has too much already. Nothing
  /// is stored.
  case unfit
}
