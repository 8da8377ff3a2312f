internal import GRDB

extension ResultStore {
  /// Brings a store of an earlier version or an earlier catalogue up to date, in one transaction.
  static func complete(_ connection: Connection) throws(StoreError) {
    let (version, lacking) = try connection.read("open") { db in
      (try Schema.version(of: db), try Schema.lackingColumns(db))
    }
    guard version < Schema.version || !lacking.isEmpty else { return }
    try connection.transaction("update") { db in
      if try !Schema.hasTroubles(db) { try addTroubles(db) }
      if try !db.tableExists("orders") { try db.execute(sql: Schema.orders) }
      let changed = try Schema.add(lacking, to: db)
      for table in Seals.names where try !db.hasColumn("seal", in: table) {
        try db.execute(sql: "ALTER TABLE \(table) ADD COLUMN seal INTEGER")
      }
      if try !Seals.hasDefinitionsSeal(db) {
        try db.execute(sql: "ALTER TABLE store ADD COLUMN schema_seal INTEGER")
      }
      try db.execute(sql: "PRAGMA user_version = \(Schema.version)")
      // Rows of other tables bear theirs, and some of them are large.
      try Seals(db)?.seal(db, version < Schema.firstSealed ? Set(Seals.names) : changed)
    }
  }

  /// Gives hangs, drained hosts and checkpoints their places.
  private static func addTroubles(_ db: Database) throws {
    let columns = "id, attempt_epoch, attempt_counter, key, kind, code, message, at"
    try db.execute(
      sql: """
        DROP VIEW failed;
        DROP VIEW unfinished;
        DROP INDEX failures_by_key;
        ALTER TABLE failures RENAME TO failures_before;
        \(Schema.failures)
        INSERT INTO failures (\(columns)) SELECT \(columns) FROM failures_before;
        DROP TABLE failures_before;
        \(Schema.troubles)
        \(Schema.views)
        """)
  }
}

extension Schema {
  static func version(of db: Database) throws -> Int {
    try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
  }

  /// Whether the tables of `troubles` are there.
  static func hasTroubles(_ db: Database) throws -> Bool { try db.tableExists("drains") }
}

extension Database {
  func hasColumn(_ name: String, in table: String) throws -> Bool {
    try columns(in: table).contains { $0.name == name }
  }
}
