internal import GRDB
internal import Sweep
internal import VAE

// What becomes of an outcome, by what the store has of its point.
extension BatchWriter {
  /// The first outcome of a point stands; a later one that differs is a fault.
  func store(
    _ outcome: Outcome, _ receipt: Receipt, _ attempt: AttemptID, _ digest: Digest
  ) throws -> StoreOutcome {
    guard let stored = try stored(outcome.key) else {
      try CheckpointRows.drop(db, of: outcome.key)
      try OutcomeRows.insert(
        db, outcome, receipt, attempt, resultDigest: digest, identity: identity)
      return .stored
    }
    let agree = try agrees(outcome, digest, with: stored)
    guard agree || !isFault(receipt, stored) else {
      try recordFault(outcome, receipt, attempt, digest, stored)
      return .differs(existing: stored.digest)
    }
    if agree { try OutcomeRows.addOptionalMeasures(db, of: outcome) }
    // A replay has ended: nobody holds it any more.
    try release(attempt, receipt)
    return .alreadyStored
  }

  /// An audit's outcome: whatever the store has stays as it is.
  func compare(
    _ outcome: Outcome, _ receipt: Receipt, _ attempt: AttemptID, _ digest: Digest
  ) throws -> StoreOutcome {
    guard let stored = try stored(outcome.key), isFault(receipt, stored),
      try !agrees(outcome, digest, with: stored)
    else {
      try release(attempt, receipt)
      return .audited(differsFrom: nil)
    }
    try recordFault(outcome, receipt, attempt, digest, stored)
    return .audited(differsFrom: stored.digest)
  }

  /// What the store has of a point's outcome.
  private struct StoredResult {
    let digest: Digest
    let host: String
    let fingerprint: String
    let version: Int
  }

  private func stored(_ key: PointKey) throws -> StoredResult? {
    try Row.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT result_digest, host, fingerprint, result_version FROM outcomes WHERE key = ?
          """), arguments: [key.description]
    ).map { row in
      let columns = Columns(row, path)
      return StoredResult(
        digest: try columns.digest(0), host: try columns.text(1),
        fingerprint: try columns.text(2), version: Int(try columns.integer(3)))
    }
  }

  /// Whether a difference is a fault: equal bits are promised within one fingerprint only.
  private func isFault(_ receipt: Receipt, _ stored: StoredResult) -> Bool {
    stored.fingerprint == receipt.fingerprint || !identity.mixed
  }

  private func release(_ attempt: AttemptID, _ receipt: Receipt) throws {
    try db.cachedStatement(
      sql: """
        INSERT INTO releases (attempt_epoch, attempt_counter, at)
        SELECT ?1, ?2, ?3 WHERE NOT EXISTS (
          SELECT 1 FROM outcomes WHERE attempt_epoch = ?1 AND attempt_counter = ?2)
        ON CONFLICT (attempt_epoch, attempt_counter) DO NOTHING
        """
    ).execute(arguments: [attempt.storedEpoch, attempt.counter, receipt.finishedAt.finite ?? 0])
  }

  private func recordFault(
    _ outcome: Outcome, _ receipt: Receipt, _ attempt: AttemptID, _ digest: Digest,
    _ stored: StoredResult
  ) throws {
    try db.cachedStatement(
      sql: """
        INSERT INTO faults (key, kept_result_digest, kept_host, other_result_digest, other_host,
          attempt_epoch, attempt_counter, at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (attempt_epoch, attempt_counter) DO NOTHING
        """
    ).execute(arguments: [
      outcome.key.description, stored.digest.hex, stored.host, digest.hex, receipt.host,
      attempt.storedEpoch, attempt.counter, receipt.finishedAt.finite,
    ])
  }

  /// Whether an outcome is the one that is stored: in the fields that both have, where one of them is of
  /// an earlier version of results.
  private func agrees(_ outcome: Outcome, _ digest: Digest, with kept: StoredResult) throws -> Bool
  {
    if outcome.resultVersion == kept.version { return digest == kept.digest }
    if outcome.resultVersion > kept.version {
      return outcome.resultDigest(asOf: kept.version) == kept.digest
    }
    var reading = OutcomeReading(path: path, history: .full)
    let stored = try reading.outcome(db, of: outcome.key)
    return stored?.outcome.resultDigest(asOf: outcome.resultVersion) == digest
  }
}
