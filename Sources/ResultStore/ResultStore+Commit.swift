internal import GRDB
internal import Sweep
internal import Synchronization
internal import VAE

extension ResultStore {
  /// Carries out `operations` in one transaction and tells what became of each.
  ///
  /// When this returns, all of it is on the disk; when it throws, none of it is. After
  /// `StoreError.Kind.unreliable` the store takes nothing more: open it anew.
  package func commit(_ operations: [StoreOperation]) throws(StoreError) -> [StoreOutcome] {
    guard !operations.isEmpty else { return [] }
    // Digests take longer than the writes: not while readers wait.
    let prepared = operations.map { operation -> (StoreOperation, Digest?) in
      switch operation {
      case .outcome(let outcome, _, _): (operation, outcome.resultDigest)
      case .artifact(let artifact, _, _, _, _, _): (operation, Digest(of: artifact.data))
      default: (operation, nil)
      }
    }
    return try withState { (state) throws(StoreError) in
      // Rows of a batch that is rolled back must not be remembered.
      var configurations = state.configurations
      let outcomes = try connection.transaction("write to") { db in
        let writer = BatchWriter(db: db, identity: identity, path: path)
        return try prepared.map { try writer.carryOut($0, digest: $1, &configurations) }
      }
      state.configurations = configurations
      return outcomes
    }
  }

  private func withState<Value: Sendable>(
    _ body: (inout WriterState) throws(StoreError) -> Value
  ) throws(StoreError) -> Value {
    try state.withLock { (state) throws(StoreError) in
      if let unreliable = state.unreliable { throw unreliable }
      do throws(StoreError) {
        return try body(&state)
      } catch {
        if error.kind == .unreliable || error.kind == .damaged { state.unreliable = error }
        throw error
      }
    }
  }
}

/// Writes the operations of one batch, within its transaction.
struct BatchWriter {
  let db: Database
  let identity: StoreIdentity
  let path: String

  func carryOut(
    _ operation: StoreOperation, digest: Digest?, _ configurations: inout [Configuration: Int64]
  ) throws -> StoreOutcome {
    switch operation {
    case .attempt(let attempt, let key, let index, let point, let sweep, let worker, let at):
      let configuration = try row(of: point.configuration, &configurations)
      let seeds = point.seeds
      try db.cachedStatement(
        sql: """
          INSERT INTO attempts (epoch, counter, key, sweep_id, point_index, configuration_id,
            init_seed, order_seed, noise_seed, session, granted_at)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          """
      ).execute(arguments: [
        attempt.storedEpoch, attempt.counter, key.description, sweep.row, index, configuration,
        seeds.initialization, seeds.order, seeds.noise, worker.row, at,
      ])
      return .stored
    case .outcome(let outcome, let receipt, let attempt):
      guard let granted = try granted(attempt), try fits(outcome, granted, configurations) else {
        return .unknownAttempt
      }
      let digest = digest ?? outcome.resultDigest
      guard !AuditPosition.isAudit(granted.index) else {
        return try compare(outcome, receipt, attempt, digest)
      }
      return try store(outcome, receipt, attempt, digest)
    case .artifact(let artifact, let key, let attempt, let worker, let fingerprint, let at):
      let origin = ArtifactOrigin(
        key: key, attempt: attempt, worker: worker, fingerprint: fingerprint, at: at)
      return try ArtifactRows.add(db, artifact, digest ?? Digest(of: artifact.data), origin, path)
    case .failure(let attempt, let key, let reason, let at):
      guard try granted(attempt)?.key == key else { return .unknownAttempt }
      try db.cachedStatement(
        sql: """
          INSERT INTO failures (attempt_epoch, attempt_counter, key, kind, code, message, at)
          VALUES (?, ?, ?, ?, ?, ?, ?)
          ON CONFLICT (attempt_epoch, attempt_counter) DO NOTHING
          """
      ).execute(arguments: [
        attempt.storedEpoch, attempt.counter, key.description, reason.kind, reason.code,
        reason.message,
        at,
      ])
      return db.changesCount == 0 ? .alreadyStored : .stored
    case .release(let attempt, let at):
      guard try granted(attempt) != nil else { return .unknownAttempt }
      try db.cachedStatement(
        sql: """
          INSERT INTO releases (attempt_epoch, attempt_counter, at) VALUES (?, ?, ?)
          ON CONFLICT (attempt_epoch, attempt_counter) DO NOTHING
          """
      ).execute(arguments: [attempt.storedEpoch, attempt.counter, at])
      return db.changesCount == 0 ? .alreadyStored : .stored
    case .worker(let record, let at):
      try db.cachedStatement(
        sql: """
          INSERT INTO workers (session, host, cpu, slots, version, fingerprint, first_seen_at,
            last_seen_at, owner)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
          ON CONFLICT (session) DO UPDATE SET last_seen_at = excluded.last_seen_at
          """
      ).execute(arguments: [
        record.id.row, record.host, record.cpu, record.slots, record.version, record.fingerprint,
        at, at, record.owner,
      ])
      return .stored
    case .drain(let host, let owner, let reason, let excused, let at):
      try DrainRows.insert(
        db, host: host, owner: owner, reason: reason, excused: excused, at: at)
      return .stored
    case .checkpoint(let record, let at):
      guard try granted(record.attempt)?.key == record.key else { return .unknownAttempt }
      return try CheckpointRows.insert(db, record, at: at) ? .stored : .alreadyStored
    case .reopen(let keys, let at):
      try reopen(keys, at: at)
      return .stored
    case .order(let order, let sweep, let owner, let reopened, let at):
      let name = try OrderRows.name(db, of: sweep, path)
      try OrderRows.insert(db, order, sweep: name, owner: owner, at: at)
      try reopen(reopened, at: at)
      return .stored
    }
  }

  private func reopen(_ keys: [PointKey], at: Double) throws {
    for key in keys {
      try db.cachedStatement(
        sql: """
          INSERT INTO reopenings (key, failure_id, at)
          SELECT ?, ifnull(max(id), 0), ? FROM failures
          """
      ).execute(arguments: [key.description, at])
    }
  }

  /// What an attempt was granted for.
  private struct Granted {
    let key: PointKey
    let configuration: Int64
    let index: Int
    let seeds: Seeds
  }

  /// Whether `granted` was for just the point of `outcome`.
  private func fits(
    _ outcome: Outcome, _ granted: Granted, _ known: [Configuration: Int64]
  ) throws -> Bool {
    guard granted.key == outcome.key, granted.seeds == outcome.point.seeds else { return false }
    let configuration = outcome.point.configuration
    return try known[configuration] ?? find(configuration) == granted.configuration
  }

  /// What `attempt` was granted for, or nil where it never was.
  private func granted(_ attempt: AttemptID) throws -> Granted? {
    guard let epoch = Int64(exactly: attempt.storedEpoch),
      let counter = Int64(exactly: attempt.counter)
    else { return nil }
    return try Row.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT key, configuration_id, point_index, init_seed, order_seed, noise_seed
          FROM attempts WHERE epoch = ? AND counter = ?
          """),
      arguments: [epoch, counter]
    ).map { row in
      let columns = Columns(row, path, ColumnPlaces(Array(row.columnNames)))
      return Granted(
        key: try columns.key(0), configuration: try columns.integer(1),
        index: Int(try columns.integer(2)), seeds: try columns.seeds())
    }
  }

  private func row(of configuration: Configuration, _ known: inout [Configuration: Int64]) throws
    -> Int64
  {
    if let row = try known[configuration] ?? find(configuration) {
      known[configuration] = row
      return row
    }
    try db.insert(into: "configurations", ConfigurationColumns.cells(configuration))
    known[configuration] = db.lastInsertedRowID
    return db.lastInsertedRowID
  }

  private func find(_ configuration: Configuration) throws -> Int64? {
    let cells = ConfigurationColumns.cells(configuration)
    let conditions = cells.map { "\"\($0.name)\" IS ?" }.joined(separator: " AND ")
    return try Int64.fetchOne(
      db.cachedStatement(sql: "SELECT id FROM configurations WHERE \(conditions)"),
      arguments: StatementArguments(cells.map(\.value)))
  }
}

extension FailureReason {
  /// The number that belongs to the kind.
  fileprivate var code: Int32? {
    switch self {
    case .trainerExit(let status): status
    case .trainerSignal(let signal): signal
    case .hung(let seconds): Int32(clamping: seconds)
    case .point, .workerLost, .host: nil
    }
  }
}
