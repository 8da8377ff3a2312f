internal import GRDB
package import Sweep

/// A point that has an outcome.
package struct FinishedPoint: Hashable, Sendable {
  package let key: PointKey
  package let point: Point
  package let status: OutcomeStatus
  package let fingerprint: String

  package init(key: PointKey, point: Point, status: OutcomeStatus, fingerprint: String) {
    self.fingerprint = fingerprint
    self.key = key
    self.point = point
    self.status = status
  }
}

/// A point without an outcome that has failed at least once since its last retry.
package struct TroubledPoint: Hashable, Sendable {
  package let key: PointKey
  package let point: Point
  package let tally: FailureTally

  package init(key: PointKey, point: Point, tally: FailureTally) {
    self.key = key
    self.point = point
    self.tally = tally
  }
}

/// An attempt of an earlier epoch that has ended neither in an outcome of its point nor in a
/// failure nor been released: a worker may still hold it.
package struct OpenAttempt: Hashable, Sendable {
  package let attempt: AttemptID
  package let key: PointKey
  package let point: Point
  package let worker: WorkerRecordID
  package let grantedAt: Double

  package init(
    attempt: AttemptID, key: PointKey, point: Point, worker: WorkerRecordID, grantedAt: Double
  ) {
    self.attempt = attempt
    self.key = key
    self.point = point
    self.worker = worker
    self.grantedAt = grantedAt
  }
}

/// Where the sweeps of this store stand, but for what is finished.
package struct RecoveredState: Hashable, Sendable {
  /// Outcomes in the store, of whichever sweep.
  package var finished = 0
  package var troubled: [TroubledPoint] = []
  package var open: [OpenAttempt] = []

  package init() {}
}

extension ResultStore {
  /// Reads what a coordinator must know to go on, all in one consistent state.
  ///
  /// `forEachFinished` sees every outcome once, in the order they were stored. Points are those of
  /// all sweeps of the store, since an outcome serves every sweep that asks for its point: a grid
  /// tells its own by `Grid.index(of:)`. Takes time in the number of outcomes and attempts.
  ///
  /// Each outcome's key is made anew from its point: a row whose point was damaged would settle
  /// another point than the one that was trained.
  package func recover(_ forEachFinished: (FinishedPoint) -> Void) throws(StoreError)
    -> RecoveredState
  {
    let (path, identity) = (path, identity)
    return try connection.read("read") { db in
      var reading = PointReading(path: path)
      var recovered = RecoveredState()
      let configuration = try ConfigurationColumns.list(db, of: "outcomes")
      try db.forEachRow(
        """
        SELECT key, status, init_seed, order_seed, noise_seed, \(configuration), fingerprint
        FROM outcomes ORDER BY id
        """, of: path
      ) { columns in
        guard let status = OutcomeStatus(rawValue: try columns.text("status")) else {
          throw columns.damaged("a wrong status", "status")
        }
        let key = try columns.key("key")
        let point = try reading.point(columns)
        try reading.check(
          key, of: point, dataset: identity.datasetDigest,
          trainerVersion: identity.trainerVersion, columns)
        forEachFinished(
          FinishedPoint(
            key: key, point: point, status: status, fingerprint: try columns.text("fingerprint")))
        recovered.finished += 1
      }
      recovered.troubled = try FailureRows.troubled(db, &reading)
      recovered.open = try Self.openAttempts(db, &reading)
      return recovered
    }
  }

  private static func openAttempts(_ db: Database, _ reading: inout PointReading) throws
    -> [OpenAttempt]
  {
    try openAttempts(
      db, &reading, where: "NOT EXISTS (SELECT 1 FROM outcomes o WHERE o.key = a.key)")
  }

  /// Attempts without a failure or a release of which `condition` holds.
  ///
  /// Not those of audits: whoever audits asks again.
  static func openAttempts(
    _ db: Database, _ reading: inout PointReading, where condition: String
  ) throws -> [OpenAttempt] {
    let configuration = try ConfigurationColumns.list(db, of: "configurations", as: "c")
    var open: [OpenAttempt] = []
    try db.forEachRow(
      """
      SELECT a.epoch, a.counter, a.key, a.session, a.granted_at,
        a.init_seed, a.order_seed, a.noise_seed, \(configuration)
      FROM attempts a JOIN configurations c ON c.id = a.configuration_id
      WHERE \(condition) AND a.point_index < \(AuditPosition.first)
        AND NOT EXISTS (SELECT 1 FROM failures f
          WHERE f.attempt_epoch = a.epoch AND f.attempt_counter = a.counter)
        AND NOT EXISTS (SELECT 1 FROM releases r
          WHERE r.attempt_epoch = a.epoch AND r.attempt_counter = a.counter)
      ORDER BY a.epoch, a.counter
      """, of: reading.path
    ) { columns in
      open.append(
        OpenAttempt(
          attempt: try columns.attempt(0), key: try columns.key("key"),
          point: try reading.point(columns),
          worker: WorkerRecordID(row: try columns.integer("session")),
          grantedAt: columns.number("granted_at")))
    }
    return open
  }
}
