internal import GRDB
package import Sweep

/// An attempt that ended without an outcome.
package struct StoredFailure: Hashable, Sendable {
  package let attempt: AttemptID
  package let key: PointKey
  package let reason: FailureReason
  /// The worker's.
  package let host: String
  package let at: Double
}

/// Two outcomes of one point that should be equal and are not, or two artifacts; the kept one
/// stands.
package struct StoredFault: Hashable, Sendable {
  package let key: PointKey
  /// Name of the artifact that differs; nil where it is the outcome.
  package let artifact: String?
  package let keptDigest: Digest
  package let keptHost: String
  package let otherDigest: Digest
  package let otherHost: String
  package let otherAttempt: AttemptID
}

extension StoreReader {
  /// Every failure ever recorded, in order, whatever became of its point.
  package func failures() throws(StoreError) -> [StoredFailure] {
    let path = path
    return try connection.read("read") { db in
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT f.attempt_epoch, f.attempt_counter, f.key, f.kind, f.code, f.message, w.host, f.at
          FROM failures f
          JOIN attempts a ON a.epoch = f.attempt_epoch AND a.counter = f.attempt_counter
          JOIN workers w ON w.session = a.session
          ORDER BY f.id
          """)
      var failures: [StoredFailure] = []
      while let row = try rows.next() {
        let columns = Columns(row, path)
        failures.append(
          StoredFailure(
            attempt: try columns.attempt(0), key: try columns.key(2),
            reason: try FailureRows.reason(columns, from: 3), host: try columns.text(6),
            at: columns.number(7)))
      }
      return failures
    }
  }

  /// Points without an outcome that have failed since their last retry; see
  /// `FailureTally.isFailed`.
  package func troubledPoints() throws(StoreError) -> [TroubledPoint] {
    var reading = PointReading(path: path)
    return try connection.read("read") { db in try FailureRows.troubled(db, &reading) }
  }

  /// Every fault, in order.
  package func faults() throws(StoreError) -> [StoredFault] {
    let path = path
    return try connection.read("read") { db in
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT key, kept_result_digest, kept_host, other_result_digest, other_host,
            attempt_epoch, attempt_counter, artifact
          FROM faults ORDER BY id
          """)
      var faults: [StoredFault] = []
      while let row = try rows.next() {
        let columns = Columns(row, path)
        faults.append(
          StoredFault(
            key: try columns.key(0), artifact: columns.optionalText(7),
            keptDigest: try columns.digest(1),
            keptHost: try columns.text(2), otherDigest: try columns.digest(3),
            otherHost: try columns.text(4), otherAttempt: try columns.attempt(5)))
      }
      return faults
    }
  }
}
