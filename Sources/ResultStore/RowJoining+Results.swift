internal import Foundation
internal import GRDB
internal import Sweep

// Claims, outcomes and what belongs to them, after the sweeps and attempts that they refer to.
extension RowJoining {
  /// Claims in the order in which they were fixed.
  ///
  /// What was fixed when the other store had outcomes of the sweep already was not fixed before them,
  /// although nobody there knew.
  ///
  /// To be called before the other's outcomes are there.
  func joinClaims() throws {
    func families(_ own: String, _ far: String, sweep: String) -> String {
      """
      SELECT \(sweep) AS sweep_id, c.digest, c.family, c.yaml, c.registered_at,
        c.outcomes_before + (
          SELECT count(*) FROM \(far).outcomes o
          WHERE ifnull(o.finished_at, 0) < c.registered_at
            AND o.key NOT IN (SELECT key FROM \(own).outcomes)
            AND o.key IN (
              SELECT a.key FROM main.attempts a
              WHERE a.sweep_id = \(sweep) AND a.point_index < \(AuditPosition.first))
        ) AS outcomes_before, c.id AS place
      FROM \(own).claims c
      """
    }
    let mapped = "(SELECT s.new FROM sweeps_map s WHERE s.old = c.sweep_id)"
    try db.execute(
      sql: """
        CREATE TEMP TABLE claims_joined AS
          \(families("main", "other", sweep: "c.sweep_id"))
          UNION ALL \(families("other", "main", sweep: mapped));
        DELETE FROM main.claims;
        INSERT INTO main.claims (sweep_id, digest, family, yaml, outcomes_before, registered_at)
          SELECT sweep_id, digest, family, yaml, max(outcomes_before), registered_at
          FROM claims_joined
          GROUP BY sweep_id, digest, family, yaml, registered_at
          ORDER BY registered_at, min(place);
        """)
  }

  func joinOutcomes() throws {
    let outcomes = try columns("outcomes", but: ["id", "attempt_epoch"])
    try db.execute(
      sql: """
        INSERT INTO main.outcomes (id, attempt_epoch, \(list(outcomes)))
          SELECT o.id + \(outcomeOffset), e.new, \(list(outcomes, of: "o")) FROM other.outcomes o
          JOIN epochs_map e ON e.old = o.attempt_epoch
          WHERE o.key NOT IN (SELECT key FROM main.outcomes) ORDER BY o.id
        """)
    // What a replay has brought to the other's alone; it is no part of the result.
    for field in OutcomeField.columnFields where field.isOptional {
      try db.execute(
        sql: """
          UPDATE main.outcomes SET "\(field.name)" = (SELECT o."\(field.name)" FROM other.outcomes o
              WHERE o.key = outcomes.key AND o.fingerprint = outcomes.fingerprint)
            WHERE "\(field.name)" IS NULL
          """)
    }
    for table in ["epochs", "latents"] {
      let same = try columns(table, but: ["outcome_id"])
      try db.execute(
        sql: """
          INSERT INTO main.\(table) (outcome_id, \(list(same)))
            SELECT r.outcome_id + \(outcomeOffset), \(list(same, of: "r")) FROM other.\(table) r
            WHERE r.outcome_id + \(outcomeOffset) IN (SELECT id FROM main.outcomes)
          """)
    }
  }

  func joinFailures() throws {
    let failures = try columns("failures", but: ["id", "attempt_epoch"])
    let releases = try columns("releases", but: ["attempt_epoch"])
    try db.execute(
      sql: """
        -- Points that have their outcome from one store and failures from the other: by their numbers
        -- alone those failures might pass for replays that were lost.
        CREATE TEMP TABLE strangers AS
          SELECT DISTINCT f.key FROM main.failures f JOIN main.outcomes o ON o.key = f.key
            WHERE o.id > \(outcomeOffset)
          UNION SELECT DISTINCT f.key FROM other.failures f JOIN main.outcomes o ON o.key = f.key
            WHERE o.id <= \(outcomeOffset);
        INSERT INTO main.failures (id, attempt_epoch, \(list(failures)))
          SELECT f.id + \(failureOffset), e.new, \(list(failures, of: "f")) FROM other.failures f
          JOIN epochs_map e ON e.old = f.attempt_epoch
          WHERE true ORDER BY f.id ON CONFLICT (attempt_epoch, attempt_counter) DO NOTHING;
        INSERT INTO main.releases (attempt_epoch, \(list(releases)))
          SELECT e.new, \(list(releases, of: "r")) FROM other.releases r
          JOIN epochs_map e ON e.old = r.attempt_epoch
          WHERE true ON CONFLICT (attempt_epoch, attempt_counter) DO NOTHING;
        INSERT INTO main.reopenings (key, failure_id, at)
          SELECT r.key, r.failure_id + \(failureOffset), r.at FROM other.reopenings r
          WHERE NOT EXISTS (SELECT 1 FROM main.reopenings m WHERE m.key = r.key AND m.at = r.at)
          ORDER BY r.id;
        """)
    try db.execute(
      sql: """
        INSERT INTO main.reopenings (key, failure_id, at)
          SELECT key, (SELECT max(f.id) FROM main.failures f WHERE f.key = strangers.key), ?
          FROM strangers
        """, arguments: [Date().timeIntervalSince1970])
  }

  /// Of outcomes of one fingerprint; where both stores have an artifact it is the same.
  func joinArtifacts() throws {
    let columns = try columns("artifacts")
    try db.execute(
      sql: """
        INSERT INTO main.artifacts (\(list(columns)))
          SELECT \(list(columns, of: "p")) FROM other.artifacts p
          JOIN other.outcomes o ON o.key = p.key
          JOIN main.outcomes m ON m.key = p.key AND m.fingerprint = o.fingerprint
          WHERE true ON CONFLICT (key, name) DO NOTHING
        """)
  }

  func joinTroubles() throws {
    let faults = try columns("faults", but: ["id", "attempt_epoch"])
    let excused = try columns("excused", but: ["attempt_epoch"])
    let drains = try columns("drains", but: ["id"])
    let orders = try columns("orders", but: ["id"])
    try db.execute(
      sql: """
        INSERT INTO main.faults (attempt_epoch, \(list(faults)))
          SELECT e.new, \(list(faults, of: "f")) FROM other.faults f
          JOIN epochs_map e ON e.old = f.attempt_epoch
          WHERE true ORDER BY f.id ON CONFLICT (attempt_epoch, attempt_counter) DO NOTHING;
        INSERT INTO main.excused (attempt_epoch, \(list(excused)))
          SELECT e.new, \(list(excused, of: "x")) FROM other.excused x
          JOIN epochs_map e ON e.old = x.attempt_epoch
          WHERE true ON CONFLICT (attempt_epoch, attempt_counter) DO NOTHING;
        INSERT INTO main.drains (\(list(drains)))
          SELECT \(list(drains, of: "d")) FROM other.drains d
          WHERE NOT EXISTS (SELECT 1 FROM main.drains m
            WHERE m.host = d.host AND m.owner IS d.owner AND m.at = d.at)
          ORDER BY d.id;
        -- What is said of points holds of them wherever they were; a pause was of one coordinator. The
        -- last order holds, so that they are put in the order of their times.
        CREATE TEMP TABLE orders_joined AS
          SELECT \(list(orders)), 0 AS far, id AS place FROM main.orders
            WHERE verb IN ('retry', 'cancel')
          UNION ALL SELECT \(list(orders)), 1, id FROM other.orders o
            WHERE verb IN ('retry', 'cancel') AND NOT EXISTS (SELECT 1 FROM main.orders m
              WHERE m.verb = o.verb AND m.filter = o.filter AND m.at = o.at AND m.sweep IS o.sweep);
        DELETE FROM main.orders;
        INSERT INTO main.orders (\(list(orders)))
          SELECT \(list(orders)) FROM orders_joined ORDER BY at, far, place;
        DROP TABLE orders_joined;
        -- Their bytes lie beside the stores they came from.
        DELETE FROM main.checkpoints;
        """)
  }
}
