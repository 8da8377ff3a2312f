import Coordinator
import Sweep

/// A store with an explicit durable prefix: records wait in `pending` until `commit`, and a crash
/// loses exactly those.
struct FakeStore {
  private(set) var attempts: [AttemptID: (index: Int, key: PointKey)] = [:]
  private(set) var outcomes: [PointKey: Outcome] = [:]
  private(set) var losses: [PointKey: Int] = [:]
  private(set) var pointErrors: [PointKey: String] = [:]
  /// Attempts with an outcome, a failure or a release.
  private(set) var ended: Set<AttemptID> = []
  private(set) var faults = 0
  private var pending: [Record] = []
  var coordinatorEpoch: UInt64 = 0

  var hasPending: Bool { !pending.isEmpty }

  mutating func submit(_ record: Record) { pending.append(record) }

  /// The process that wrote is gone: what was not durable never happened.
  mutating func crash() { pending.removeAll() }

  mutating func commit() -> [CommittedRecord] {
    defer { pending.removeAll() }
    return pending.map { CommittedRecord($0, apply($0)) }
  }

  func failureReason(of key: PointKey) -> String? {
    if let error = pointErrors[key] { return error }
    return losses[key, default: 0] >= 3 ? "three lost attempts" : nil
  }

  private mutating func apply(_ record: Record) -> CommittedRecord.Answer {
    switch record {
    case .worker: return .stored
    case .attempt(let id, let index, let key, _, _):
      attempts[id] = (index, key)
      return .stored
    case .outcome(let outcome, _, let id, _):
      guard attempts[id]?.key == outcome.key else { return .unknownAttempt }
      ended.insert(id)
      guard let stored = outcomes[outcome.key] else {
        outcomes[outcome.key] = outcome
        return .stored
      }
      guard stored == outcome else {
        faults += 1
        return .differs(stored: stored.resultDigest.hex)
      }
      return .alreadyStored
    case .failure(let id, let key, let reason):
      guard ended.insert(id).inserted else { return .alreadyStored }
      if case .point(let text) = reason {
        pointErrors[key] = text
      } else {
        losses[key, default: 0] += 1
      }
      return .stored
    case .release(let id):
      ended.insert(id)
      return .stored
    }
  }

  func recover(_ grid: Grid) -> RecoveredSweep {
    var recovered = RecoveredSweep()
    for outcome in outcomes.values {
      guard let index = grid.index(of: outcome.point) else { continue }
      recovered.finished.insert(index)
      if outcome.status == .ok { recovered.ok += 1 } else { recovered.diverged += 1 }
    }
    for (id, attempt) in attempts where outcomes[attempt.key] == nil {
      if let reason = failureReason(of: attempt.key) {
        recovered.failed[attempt.index] = reason
      } else {
        if let lost = losses[attempt.key] { recovered.losses[attempt.index] = lost }
        if !ended.contains(id) { recovered.open[id] = attempt.index }
      }
    }
    return recovered
  }
}
