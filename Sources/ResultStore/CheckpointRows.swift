internal import GRDB
package import Sweep

/// Where the training of a point can be gone on from; the bytes lie beside the store.
package struct CheckpointRecord: Hashable, Sendable {
  /// The attempt that made it.
  package let attempt: AttemptID
  package let key: PointKey
  package let digest: Digest
  package let size: Int
  /// Steps done.
  package let step: Int
  package let fingerprint: String

  package init(
    attempt: AttemptID, key: PointKey, digest: Digest, size: Int, step: Int, fingerprint: String
  ) {
    self.attempt = attempt
    self.key = key
    self.digest = digest
    self.size = size
    self.step = step
    self.fingerprint = fingerprint
  }
}

/// How checkpoints lie in the store.
enum CheckpointRows {
  /// Keeps one, unless the point has an outcome, or one that is as far or of a later attempt.
  ///
  /// - Returns: Whether it was kept.
  static func insert(_ db: Database, _ record: CheckpointRecord, at: Double) throws -> Bool {
    try db.cachedStatement(
      sql: """
        INSERT INTO checkpoints (key, attempt_epoch, attempt_counter, digest, size, step,
          fingerprint, at)
        SELECT ?, ?, ?, ?, ?, ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM outcomes WHERE key = ?)
        ON CONFLICT (key) DO UPDATE SET attempt_epoch = excluded.attempt_epoch,
          attempt_counter = excluded.attempt_counter, digest = excluded.digest,
          size = excluded.size, step = excluded.step, fingerprint = excluded.fingerprint,
          at = excluded.at
        WHERE excluded.step > step
          AND (excluded.attempt_epoch, excluded.attempt_counter) >= (attempt_epoch, attempt_counter)
        """
    ).execute(arguments: [
      record.key.description, record.attempt.storedEpoch, record.attempt.counter, record.digest.hex,
      record.size, record.step, record.fingerprint, at, record.key.description,
    ])
    return db.changesCount > 0
  }

  static func drop(_ db: Database, of key: PointKey) throws {
    try db.cachedStatement(sql: "DELETE FROM checkpoints WHERE key = ?")
      .execute(arguments: [key.description])
  }
}

extension ResultStore {
  /// Drops the checkpoints of these points: their files are gone or cut short.
  package func forgetCheckpoints(of keys: [PointKey]) throws(StoreError) {
    guard !keys.isEmpty else { return }
    try connection.transaction("write to") { db in
      for key in keys { try CheckpointRows.drop(db, of: key) }
    }
  }

  /// The checkpoints on record, each with its point.
  package func checkpoints() throws(StoreError) -> [(record: CheckpointRecord, point: Point)] {
    let path = path
    return try connection.read("read") { db in
      var reading = PointReading(path: path)
      let configuration = try ConfigurationColumns.list(db, of: "configurations", as: "c")
      var checkpoints: [(CheckpointRecord, Point)] = []
      try db.forEachRow(
        """
        SELECT k.attempt_epoch, k.attempt_counter, k.key, k.digest, k.size, k.step, k.fingerprint,
          a.init_seed, a.order_seed, a.noise_seed, \(configuration)
        FROM checkpoints k
        JOIN attempts a ON a.epoch = k.attempt_epoch AND a.counter = k.attempt_counter
        JOIN configurations c ON c.id = a.configuration_id
        ORDER BY k.key
        """, of: path
      ) { columns in
        let record = CheckpointRecord(
          attempt: try columns.attempt(0), key: try columns.key("key"),
          digest: try columns.digest("digest"), size: Int(try columns.integer("size")),
          step: Int(try columns.integer("step")), fingerprint: try columns.text("fingerprint"))
        checkpoints.append((record, try reading.point(columns)))
      }
      return checkpoints
    }
  }
}
