import Foundation
package import ResultStore
import Sweep
import Wire

/// Makes records durable, one transaction a batch: what the store's thread does.
///
/// When `commit` returns, all of it is on the disk; when it throws, none of it is.
package protocol RecordCommitting: Sendable {
  func commit(_ records: [Record]) throws(StoreError) -> [CommittedRecord]

  /// Throws where what was committed is not in the file any more.
  func confirm() throws(StoreError)
}

/// Turns the scheduler's records into operations of the store, one transaction a batch.
package struct RecordWriter: RecordCommitting {
  private let store: ResultStore
  private let sweep: SweepID

  package init(store: ResultStore, sweep: SweepID) {
    self.store = store
    self.sweep = sweep
  }

  package func commit(_ records: [Record]) throws(StoreError) -> [CommittedRecord] {
    let now = Date().timeIntervalSince1970
    let answers = try store.commit(records.map { operation($0, at: now) })
    return zip(records, answers).map { record, answer in
      switch answer {
      case .stored: CommittedRecord(record, .stored)
      case .alreadyStored: CommittedRecord(record, .alreadyStored)
      case .differs(let existing): CommittedRecord(record, .differs(stored: existing.hex))
      case .audited(let existing): CommittedRecord(record, .audited(differsFrom: existing?.hex))
      case .unknownAttempt, .unfit: CommittedRecord(record, .unknownAttempt)
      }
    }
  }

  package func confirm() throws(StoreError) { try store.confirm() }

  private func operation(_ record: Record, at now: Double) -> StoreOperation {
    switch record {
    case .worker(let session, let hello, let fingerprint, let owner):
      .worker(
        WorkerRecord(
          id: WorkerRecordID(session: session.value), host: hello.host, cpu: hello.cpu,
          slots: hello.slots, version: hello.version, fingerprint: fingerprint, owner: owner?.key),
        at: now)
    case .attempt(let id, let index, let key, let point, let session):
      .attempt(
        id, key: key, index: index, point: point, sweep: sweep,
        worker: WorkerRecordID(session: session.value), at: now)
    case .outcome(let outcome, let receipt, let id, _): .outcome(outcome, receipt, attempt: id)
    case .artifact(let artifact, let key, let id, let session, let fingerprint):
      .artifact(
        artifact, of: key, attempt: id, worker: WorkerRecordID(session: session.value),
        fingerprint: fingerprint, at: now)
    case .failure(let id, let key, let reason): .failure(id, key: key, reason, at: now)
    case .release(let id): .release(id, at: now)
    case .order(let order, let owner, _, let reopened):
      .order(
        order, of: sweep, owner: owner?.key, reopened: reopened.values.sorted(), at: now)
    case .drain(let host, let reason, let excused):
      .drain(
        host: host.name, owner: host.owner?.key, reason: reason, excused: excused, at: now)
    case .checkpoint(let id, let key, let reference):
      .checkpoint(
        CheckpointRecord(
          attempt: id, key: key, digest: reference.digest, size: reference.size,
          step: reference.step, fingerprint: reference.fingerprint), at: now)
    }
  }
}
