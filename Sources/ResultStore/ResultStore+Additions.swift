internal import GRDB

extension ResultStore {
  /// Brings a store of this version that was made before hangs, drained hosts and checkpoints had
  /// their places up to date, in one transaction; an older program still reads it.
  static func complete(_ connection: Connection) throws(StoreError) {
    let isComplete = try connection.read("open") { db in try Schema.hasTroubles(db) }
    guard !isComplete else { return }
    try connection.transaction("update") { db in
      try db.execute(
        sql: """
          DROP VIEW failed;
          DROP VIEW unfinished;
          DROP INDEX failures_by_key;
          ALTER TABLE failures RENAME TO failures_before;
          \(Schema.failures)
          INSERT INTO failures SELECT * FROM failures_before;
          DROP TABLE failures_before;
          \(Schema.troubles)
          \(Schema.views)
          """)
    }
  }
}

extension Schema {
  /// Whether the tables of `troubles` are there.
  static func hasTroubles(_ db: Database) throws -> Bool { try db.tableExists("drains") }
}
