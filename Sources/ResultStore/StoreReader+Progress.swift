internal import GRDB
package import Sweep

/// A sweep that was started on the store.
package struct StoredSweep: Hashable, Sendable {
  package let name: String
  /// As written in the sweep file.
  package let dataset: String
  package let datasetDigest: Digest
  package let trainerVersion: Int
  /// Of the definition: tells two sweeps of one name apart.
  package let definition: Digest
  /// The sweep file.
  package let yaml: String
  package let registeredAt: Double
  /// Of the sweep that is worked on in its place; nil where it is this one.
  package let replacedBy: Digest?
  /// Whether an operator's extension did that, not a start with another file.
  package let isExtended: Bool
}

/// How far the sweeps of the store are; points not yet granted leave no trace in it.
package struct StoreProgress: Hashable, Sendable {
  package var ok: Int
  package var diverged: Int
  /// Points given up until a retry or a late outcome.
  package var failed: Int
  /// Attempts granted by the last coordinator that have not ended, as many as their workers have
  /// slots; none run where it has ended.
  package var running: Int
  /// The others of them: points that a worker holds before it needs them.
  package var waiting: Int
  package var faults: Int
  package var coordinatorEpoch: UInt64
  /// Outcomes finished in the hour before the last one.
  package var finishedInLastHour: Int
  /// When the last outcome was finished, in seconds since 1970-01-01 UTC.
  package var lastFinishedAt: Double?
}

extension StoreReader {
  /// The sweeps in the order they were first started.
  package func sweeps() throws(StoreError) -> [StoredSweep] {
    let path = path
    return try connection.read("read") { db in
      // A store that no coordinator has opened since does not tell it.
      let next =
        try db.hasColumn("replaced_by", in: "sweeps")
        ? "(SELECT n.definition_digest FROM sweeps n WHERE n.id = s.replaced_by), s.is_extended"
        : "NULL, NULL"
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT s.name, s.dataset, t.dataset_digest, t.trainer_version, s.definition_digest,
            s.yaml, s.registered_at, \(next)
          FROM sweeps s, store t ORDER BY s.id
          """)
      var sweeps: [StoredSweep] = []
      while let row = try rows.next() {
        let columns = Columns(row, path)
        sweeps.append(
          StoredSweep(
            name: try columns.text(0), dataset: try columns.text(1),
            datasetDigest: try columns.digest(2), trainerVersion: Int(try columns.integer(3)),
            definition: try columns.digest(4), yaml: try columns.text(5),
            registeredAt: columns.number(6),
            replacedBy: columns.optionalText(7).flatMap(Digest.init(hex:)),
            isExtended: columns.optionalNumber(8) == 1))
      }
      return sweeps
    }
  }

  /// Counts per state, in one consistent state of the store.
  package func progress() throws(StoreError) -> StoreProgress {
    let path = path
    return try connection.read("read") { db in
      let row = try Row.fetchOne(
        db,
        sql: """
          WITH open AS (
            SELECT count(*) AS held, w.slots FROM attempts a
            JOIN workers w ON w.session = a.session
            WHERE a.epoch = (SELECT coordinator_epoch FROM store)
              AND a.point_index < \(AuditPosition.first)
              AND NOT EXISTS (SELECT 1 FROM outcomes o WHERE o.key = a.key)
              AND NOT EXISTS (SELECT 1 FROM failures f
                WHERE f.attempt_epoch = a.epoch AND f.attempt_counter = a.counter)
              AND NOT EXISTS (SELECT 1 FROM releases r
                WHERE r.attempt_epoch = a.epoch AND r.attempt_counter = a.counter)
            GROUP BY w.session)
          SELECT count(*) FILTER (WHERE status = 'ok'),
            count(*) FILTER (WHERE status = 'diverged'),
            (SELECT count(*) FROM failed),
            (SELECT coalesce(sum(min(held, slots)), 0) FROM open),
            (SELECT coalesce(sum(max(held - slots, 0)), 0) FROM open),
            (SELECT count(*) FROM faults),
            (SELECT coordinator_epoch FROM store),
            count(*) FILTER (
              WHERE finished_at > (SELECT max(finished_at) FROM outcomes) - 3600),
            max(finished_at)
          FROM outcomes
          """)
      guard let row else { throw StoreError.damaged("read", path, "it has no counts") }
      let columns = Columns(row, path)
      func count(_ column: Int) throws -> Int { Int(try columns.integer(column)) }
      return StoreProgress(
        ok: try count(0), diverged: try count(1), failed: try count(2), running: try count(3),
        waiting: try count(4), faults: try count(5),
        coordinatorEpoch: CoordinatorStart(
          stored: UInt64(exactly: try columns.integer(6)) ?? 0
        ).epoch,
        finishedInLastHour: try count(7), lastFinishedAt: columns.optionalNumber(8))
    }
  }
}
