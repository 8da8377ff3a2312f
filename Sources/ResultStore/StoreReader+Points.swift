internal import GRDB
package import Sweep
internal import VAE

/// An attempt at a point, and how it ended.
package struct StoredAttempt: Hashable, Sendable {
  package enum Ending: Hashable, Sendable {
    /// Its outcome is the point's.
    case outcome
    /// Its outcome differs from the point's, and is kept as a fault.
    case fault
    /// An excused one does not count against its point.
    case failure(FailureReason, at: Double, isExcused: Bool)
    /// Given back through nobody's fault.
    case released(at: Double)
    /// Nothing is recorded of it: under way, or lost with its coordinator, or its outcome equalled the
    /// one that was there.
    case open
  }

  package let attempt: AttemptID
  /// Name of the sweep that it was granted for.
  package let sweep: String
  package let worker: WorkerRecord
  package let grantedAt: Double
  package let ending: Ending
}

extension StoreReader {
  /// The keys that begin with `prefix`, of points that were granted at least once, in their order.
  ///
  /// - Parameter prefix: Lower-case hexadecimal digits.
  package func keys(beginningWith prefix: String, atMost count: Int) throws(StoreError)
    -> [PointKey]
  {
    let path = path
    return try connection.read("read") { db in
      // A letter behind every digit ends the range.
      let range: StatementArguments = [
        prefix, prefix + "g", prefix, prefix + "g", count,
      ]
      var keys: [PointKey] = []
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT key FROM outcomes WHERE key >= ? AND key < ?
          UNION SELECT key FROM attempts WHERE key >= ? AND key < ? ORDER BY key LIMIT ?
          """, arguments: range)
      while let row = try rows.next() { keys.append(try Columns(row, path).key(0)) }
      return keys
    }
  }

  /// The point of a key that was granted at least once; nil for another.
  package func point(of key: PointKey) throws(StoreError) -> Point? {
    var reading = PointReading(path: path)
    let path = path
    return try connection.read("read") { db in
      let configuration = try ConfigurationColumns.list(db, of: "configurations", as: "c")
      var point: Point?
      try db.forEachRow(
        """
        SELECT a.init_seed, a.order_seed, a.noise_seed, \(configuration)
        FROM attempts a JOIN configurations c ON c.id = a.configuration_id
        WHERE a.key = ? LIMIT 1
        """, [key.description], of: path
      ) { columns in point = try reading.point(columns) }
      return point
    }
  }

  /// Every attempt at a point, in their order.
  package func attempts(of key: PointKey) throws(StoreError) -> [StoredAttempt] {
    let path = path
    return try connection.read("read") { db in
      let excused =
        try Schema.hasTroubles(db)
        ? """
        EXISTS (SELECT 1 FROM excused e
          WHERE e.attempt_epoch = a.epoch AND e.attempt_counter = a.counter)
        """ : "0"
      var attempts: [StoredAttempt] = []
      try db.forEachRow(
        """
        SELECT a.epoch, a.counter, f.kind, f.code, f.message, f.at AS failed_at,
          r.at AS released_at, o.key IS NOT NULL AS is_outcome, d.key IS NOT NULL AS is_fault,
          \(excused) AS is_excused, a.granted_at, s.name AS sweep,
          w.session, w.host, w.cpu, w.slots, w.version, w.fingerprint
        FROM attempts a
        JOIN sweeps s ON s.id = a.sweep_id
        JOIN workers w ON w.session = a.session
        LEFT JOIN failures f ON f.attempt_epoch = a.epoch AND f.attempt_counter = a.counter
        LEFT JOIN releases r ON r.attempt_epoch = a.epoch AND r.attempt_counter = a.counter
        LEFT JOIN outcomes o ON o.attempt_epoch = a.epoch AND o.attempt_counter = a.counter
        LEFT JOIN faults d ON d.attempt_epoch = a.epoch AND d.attempt_counter = a.counter
        WHERE a.key = ? ORDER BY a.epoch, a.counter
        """, [key.description], of: path
      ) { columns in
        attempts.append(
          StoredAttempt(
            attempt: try columns.attempt(0), sweep: try columns.text("sweep"),
            worker: WorkerRecord(
              id: WorkerRecordID(row: try columns.integer("session")),
              host: try columns.text("host"), cpu: try columns.text("cpu"),
              slots: Int(try columns.integer("slots")), version: try columns.text("version"),
              fingerprint: try columns.text("fingerprint")),
            grantedAt: columns.number("granted_at"), ending: try Self.ending(columns)))
      }
      return attempts
    }
  }

  private static func ending(_ columns: Columns) throws -> StoredAttempt.Ending {
    if try columns.integer("is_outcome") != 0 { return .outcome }
    if try columns.integer("is_fault") != 0 { return .fault }
    if let at = columns.optionalNumber("failed_at") {
      return .failure(
        try FailureRows.reason(columns, from: 2), at: at,
        isExcused: try columns.integer("is_excused") != 0)
    }
    return columns.optionalNumber("released_at").map { .released(at: $0) } ?? .open
  }
}
