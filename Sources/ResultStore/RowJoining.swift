internal import GRDB
internal import Sweep

/// Copies the rows of the attached store `other` into `main`, table by table; numbers that would collide
/// are mapped.
///
/// The order is that of the tables' references. An attempt that both have, since one store was begun as a
/// copy of the other, is one.
struct RowJoining {
  let db: Database
  /// What is added to the other's numbers of outcomes and of failures.
  private(set) var outcomeOffset: Int64 = 0
  private(set) var failureOffset: Int64 = 0

  init(db: Database) { self.db = db }

  mutating func run() throws {
    outcomeOffset = try last("outcomes")
    failureOffset = try last("failures")
    try mapEpochs()
    try joinSweeps()
    try joinWorkers()
    try joinConfigurations()
    try joinAttempts()
    try joinClaims()
    try joinOutcomes()
    try joinFailures()
    try joinArtifacts()
    try joinTroubles()
    try begin()
    try Seals(db)?.seal(db, Seals.names)
  }

  private func last(_ table: String) throws -> Int64 {
    try Int64.fetchOne(db, sql: "SELECT ifnull(max(id), 0) FROM main.\(table)") ?? 0
  }

  /// The columns of a table that are copied as they are.
  func columns(_ table: String, but changed: [String] = []) throws -> [String] {
    let made = ["seal", "aggregate_variance"]
    return try db.columns(in: table).map(\.name).filter { !(changed + made).contains($0) }
  }

  func list(_ columns: [String], of alias: String? = nil) -> String {
    columns.map { "\(alias.map { "\($0)." } ?? "")\"\($0)\"" }.joined(separator: ", ")
  }

  /// Starts of coordinators that granted unlike attempts under one number get new ones.
  private func mapEpochs() throws {
    try db.execute(
      sql: """
        CREATE TEMP TABLE epochs_map (old INTEGER PRIMARY KEY, new INTEGER NOT NULL);
        INSERT INTO epochs_map SELECT DISTINCT epoch, epoch FROM other.attempts;
        """)
    let collided = try Int64.fetchAll(
      db,
      sql: """
        SELECT DISTINCT o.epoch FROM other.attempts o
        JOIN main.attempts m ON m.epoch = o.epoch AND m.counter = o.counter
        WHERE m.key <> o.key OR m.session <> o.session OR m.granted_at <> o.granted_at
        """)
    for old in collided {
      let epoch = CoordinatorStart(stored: UInt64(bitPattern: old)).epoch
      var new: Int64
      repeat {
        let number = UInt64.random(in: 1..<(1 << 31))
        new = Int64(bitPattern: CoordinatorStart(epoch: epoch, number: number).stored)
      } while try isTaken(new)
      try db.execute(sql: "UPDATE epochs_map SET new = ? WHERE old = ?", arguments: [new, old])
    }
  }

  private func isTaken(_ epoch: Int64) throws -> Bool {
    try Bool.fetchOne(
      db,
      sql: """
        SELECT EXISTS (SELECT 1 FROM main.attempts WHERE epoch = ?1)
          OR EXISTS (SELECT 1 FROM epochs_map WHERE new = ?1)
        """, arguments: [epoch]) ?? true
  }

  private func joinSweeps() throws {
    let columns = list(try columns("sweeps", but: ["id", "replaced_by"]))
    try db.execute(
      sql: """
        CREATE TEMP TABLE sweeps_before AS SELECT id FROM main.sweeps;
        INSERT INTO main.sweeps (\(columns)) SELECT \(columns) FROM other.sweeps
          WHERE definition_digest NOT IN (SELECT definition_digest FROM main.sweeps) ORDER BY id;
        CREATE TEMP TABLE sweeps_map AS SELECT o.id AS old, m.id AS new
          FROM other.sweeps o JOIN main.sweeps m ON m.definition_digest = o.definition_digest;
        -- What one store has replaced the other may have gone on with: it is asked for still.
        UPDATE main.sweeps SET replaced_by = NULL WHERE replaced_by IS NOT NULL AND id IN
          (SELECT p.new FROM sweeps_map p JOIN other.sweeps o ON o.id = p.old
            WHERE o.replaced_by IS NULL);
        UPDATE main.sweeps SET replaced_by = (SELECT n.new FROM other.sweeps o
            JOIN sweeps_map n ON n.old = o.replaced_by
            JOIN sweeps_map p ON p.old = o.id WHERE p.new = sweeps.id)
          WHERE id IN (SELECT p.new FROM sweeps_map p JOIN other.sweeps o ON o.id = p.old
            WHERE o.replaced_by IS NOT NULL)
          AND id NOT IN (SELECT id FROM sweeps_before);
        DROP TABLE sweeps_before;
        """)
  }

  private func joinWorkers() throws {
    let columns = list(try columns("workers"))
    try db.execute(
      sql: """
        INSERT INTO main.workers (\(columns)) SELECT \(columns) FROM other.workers
          WHERE session NOT IN (SELECT session FROM main.workers);
        UPDATE main.workers SET
          first_seen_at = min(first_seen_at,
            (SELECT o.first_seen_at FROM other.workers o WHERE o.session = workers.session)),
          last_seen_at = max(last_seen_at,
            (SELECT o.last_seen_at FROM other.workers o WHERE o.session = workers.session))
          WHERE session IN (SELECT session FROM other.workers);
        """)
  }

  private func joinConfigurations() throws {
    let names = try columns("configurations", but: ["id"])
    let isSame = names.map { "m.\"\($0)\" IS o.\"\($0)\"" }.joined(separator: " AND ")
    try db.execute(
      sql: """
        INSERT INTO main.configurations (\(list(names)))
          SELECT \(list(names, of: "o")) FROM other.configurations o
          WHERE NOT EXISTS (SELECT 1 FROM main.configurations m WHERE \(isSame)) ORDER BY o.id;
        CREATE TEMP TABLE configurations_map AS SELECT o.id AS old,
          (SELECT min(m.id) FROM main.configurations m WHERE \(isSame)) AS new
          FROM other.configurations o;
        """)
  }

  private func joinAttempts() throws {
    let same = try columns("attempts", but: ["epoch", "sweep_id", "configuration_id"])
    try db.execute(
      sql: """
        INSERT INTO main.attempts (epoch, sweep_id, configuration_id, \(list(same)))
          SELECT e.new, s.new, c.new, \(list(same, of: "a")) FROM other.attempts a
          JOIN epochs_map e ON e.old = a.epoch
          JOIN sweeps_map s ON s.old = a.sweep_id
          JOIN configurations_map c ON c.old = a.configuration_id
          WHERE true ON CONFLICT (epoch, counter) DO NOTHING
        """)
  }

  /// Makes it a store of its own, on which nobody's attempts are under way.
  private func begin() throws {
    let last = try Int64.fetchOne(
      db,
      sql: """
        SELECT max((SELECT coordinator_epoch FROM main.store),
          (SELECT coordinator_epoch FROM other.store),
          ifnull((SELECT max(epoch) FROM main.attempts), 0))
        """)
    let start = CoordinatorStart(after: UInt64(bitPattern: last ?? 0))
    try db.execute(
      sql: "UPDATE main.store SET store_id = ?, coordinator_epoch = ?",
      arguments: [Int64.random(in: 1...Int64.max), Int64(bitPattern: start.stored)])
    for table in [
      "epochs_map", "sweeps_map", "configurations_map", "claims_joined", "strangers",
    ] {
      try db.execute(sql: "DROP TABLE temp.\(table)")
    }
  }
}
