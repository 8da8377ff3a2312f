import Coordinator
import Sweep
import VAE
import Wire

/// A store with an explicit durable prefix: what is submitted waits in `pending`; `write` makes it
/// durable, of which the coordinator then hears or does not; a crash loses what was not written.
struct FakeStore {
  private(set) var attempts: [AttemptID: (index: Int, key: PointKey, session: SessionID)] = [:]
  private(set) var outcomes: [PointKey: Outcome] = [:]
  private(set) var artifacts: [PointKey: [ArtifactKind: Artifact]] = [:]
  private var outcomeAttempts: [PointKey: AttemptID] = [:]
  private var replayLosses: [PointKey: Int] = [:]
  private var faulted: Set<AttemptID> = []
  private(set) var losses: [PointKey: Int] = [:]
  private(set) var pointErrors: [PointKey: String] = [:]
  /// Attempts with an outcome, a failure or a release.
  private(set) var ended: Set<AttemptID> = []
  private(set) var faults = 0
  /// How often an outcome was written as the point's: once, or a rule is broken.
  private(set) var writes: [PointKey: Int] = [:]
  /// The newest checkpoint of each point without an outcome.
  var checkpoints: [PointKey: StoredCheckpoint] = [:]
  /// What no rule allows: outcomes of attempts that are not on record, attempts under a number that
  /// was there, checkpoints of fewer steps or an older attempt.
  private(set) var offences: [String] = []
  private var lastNumber = AttemptID(epoch: 0, counter: 0)
  private var excused: Set<AttemptID> = []
  /// Of the coordinator that ran when the copy was made which is the store by now.
  var epochOfCopy: UInt64 = 0
  /// The start of each epoch that has granted something.
  private var starts: [UInt64: UInt64] = [:]
  private(set) var drained: [HostIdentity: String] = [:]
  private(set) var orders: [SweepOrder] = []
  var keepsTheFirst = true
  var comparesAudits = true
  private var pending: [Record] = []
  var coordinatorEpoch: UInt64 = 0
  /// Of the coordinator that is running.
  var start: UInt64 = 0

  var hasPending: Bool { !pending.isEmpty }

  /// Whether an attempt trains a point again for an audit.
  func isAudit(_ id: AttemptID) -> Bool {
    attempts[id].map { AuditPosition.isAudit($0.index) } ?? false
  }

  /// Attempts whose outcome is with the store, durable or on its way.
  private(set) var delivered: Set<AttemptID> = []

  mutating func submit(_ record: Record) {
    if case .outcome(_, _, let id, _) = record { delivered.insert(id) }
    pending.append(record)
  }

  /// The process that wrote is gone: what was not durable never happened.
  mutating func crash() {
    for case .outcome(_, _, let id, _) in pending { delivered.remove(id) }
    pending.removeAll()
  }

  mutating func write() -> [CommittedRecord] {
    defer { pending.removeAll() }
    return pending.map { CommittedRecord($0, apply($0)) }
  }

  func failureReason(of key: PointKey) -> String? {
    if let error = pointErrors[key] { return error }
    return losses[key, default: 0] >= maxLostAttempts ? "three lost attempts" : nil
  }

  private mutating func apply(_ record: Record) -> CommittedRecord.Answer {
    switch record {
    case .worker: return .stored
    case .attempt(let id, let index, let key, _, let session):
      if id <= lastNumber { offences.append("attempt \(id) was recorded after \(lastNumber)") }
      lastNumber = id
      starts[id.epoch] = id.start
      attempts[id] = (index, key, session)
      return .stored
    case .outcome(let outcome, _, let id, _):
      guard attempts[id]?.key == outcome.key else {
        // What was granted after the copy that was put back, the store cannot know.
        if id.epoch > epochOfCopy, starts[id.epoch] == id.start {
          offences.append("an outcome came of \(id), which is not on record")
        }
        return .unknownAttempt
      }
      ended.insert(id)
      guard !isAudit(id) || !comparesAudits else {
        guard let stored = outcomes[outcome.key], stored != outcome else {
          return .audited(differsFrom: nil)
        }
        faults += 1
        return .audited(differsFrom: stored.resultDigest.hex)
      }
      checkpoints[outcome.key] = nil
      guard let stored = outcomes[outcome.key], keepsTheFirst else {
        writes[outcome.key, default: 0] += 1
        outcomes[outcome.key] = outcome
        outcomeAttempts[outcome.key] = id
        return .stored
      }
      guard stored == outcome else {
        faults += 1
        faulted.insert(id)
        return .differs(stored: stored.resultDigest.hex)
      }
      return .alreadyStored
    case .artifact(let artifact, let key, let id, _, _):
      guard attempts[id]?.key == key, outcomes[key]?.status == .ok, !faulted.contains(id) else {
        return .unknownAttempt
      }
      if let stored = artifacts[key]?[artifact.kind] {
        guard stored != artifact else { return .alreadyStored }
        faults += 1
        return .differs(stored: Digest(of: stored.data).hex)
      }
      artifacts[key, default: [:]][artifact.kind] = artifact
      return .stored
    case .failure(let id, let key, let reason):
      if attempts[id]?.key != key { offences.append("a failure of \(id) is another point's") }
      if isAudit(id) { offences.append("a failure of \(id), an audit's, counts against its point") }
      guard ended.insert(id).inserted else { return .alreadyStored }
      if let first = outcomeAttempts[key] {
        if id > first { replayLosses[key, default: 0] += 1 }
        return .stored
      }
      if case .point(let text) = reason {
        pointErrors[key] = text
      } else {
        losses[key, default: 0] += 1
      }
      return .stored
    case .release(let id):
      ended.insert(id)
      return .stored
    case .checkpoint(let id, let key, let reference):
      guard attempts[id]?.key == key else { return .unknownAttempt }
      if isAudit(id) { offences.append("a checkpoint of \(id), an audit's, is on record") }
      guard outcomes[key] == nil else { return .alreadyStored }
      if let old = checkpoints[key], old.reference.step >= reference.step || old.attempt > id {
        offences.append("the checkpoint of \(id) went back to step \(reference.step)")
      }
      checkpoints[key] = StoredCheckpoint(attempt: id, reference: reference)
      return .stored
    case .order(let order, _, _, let reopened):
      orders.append(order)
      for key in reopened.values {
        losses[key] = nil
        pointErrors[key] = nil
        replayLosses[key] = nil
      }
      return .stored
    case .drain(let host, let reason, let excused):
      drained[host] = reason
      // Of an audit's attempt there is no failure to excuse.
      for id in excused where !isAudit(id) && self.excused.insert(id).inserted {
        if let key = attempts[id]?.key { losses[key, default: 1] -= 1 }
      }
      return .stored
    }
  }

  func recover(_ grid: Grid, pictures plan: ArtifactPlan = .none) -> RecoveredSweep {
    var recovered = RecoveredSweep()
    recovered.drained = drained
    recovered.orders = orders
    for (key, checkpoint) in checkpoints {
      guard let index = attempts[checkpoint.attempt]?.index, outcomes[key] == nil else { continue }
      recovered.checkpoints[index] = checkpoint
    }
    for outcome in outcomes.values {
      guard let index = grid.index(of: outcome.point) else { continue }
      recovered.finished.insert(index)
      guard outcome.status == .ok else {
        recovered.diverged += 1
        continue
      }
      recovered.ok += 1
      let wanted = plan.kinds(wantedOf: outcome.point, at: index, in: grid)
      let missing = wanted.subtracting((artifacts[outcome.key] ?? [:]).keys)
      guard !missing.isEmpty else { continue }
      var lacking = MissingArtifacts(key: outcome.key, kinds: missing, fingerprint: "f")
      lacking.losses = replayLosses[outcome.key] ?? 0
      recovered.lacking[index] = lacking
    }
    for (id, attempt) in attempts where recovered.lacking[attempt.index] != nil {
      guard let first = outcomeAttempts[attempt.key], id > first, !ended.contains(id) else {
        continue
      }
      recovered.open[id] = attempt.index
      recovered.holders[id] = attempt.session
    }
    for (id, attempt) in attempts where outcomes[attempt.key] == nil && !isAudit(id) {
      if let reason = failureReason(of: attempt.key) {
        recovered.failed[attempt.index] = reason
      } else {
        if let lost = losses[attempt.key] { recovered.losses[attempt.index] = lost }
        if !ended.contains(id) {
          recovered.open[id] = attempt.index
          recovered.holders[id] = attempt.session
        }
      }
    }
    return recovered
  }
}
