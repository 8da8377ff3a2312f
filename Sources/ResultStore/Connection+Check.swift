internal import GRDB

extension Connection {
  /// Refuses a file in which something is not as it was written.
  ///
  /// Takes time in the size of the file, in which nobody else can write: for who owns it.
  func checkAll() throws(StoreError) {
    try read("read") { db in
      try checkStructure(db, "1")
      try Seals.checkArtifacts(db, path)
      guard let seals = try Seals(db) else { return }
      try seals.checkDefinitions(db, path)
      for table in Seals.names { try seals.check(db, table, path) }
    }
  }

  /// As `checkAll`, table by table, so that a coordinator commits between them, and without the bytes
  /// of artifacts, which are compared with their digest as they are read.
  func checkTables() throws(StoreError) {
    let seals = try read("read") { db in try Seals(db) }
    try read("read") { db in try seals?.checkDefinitions(db, path) }
    for table in Seals.names {
      try read("read") { db in
        if table != "artifacts", try db.tableExists(table) { try checkStructure(db, table) }
        try seals?.check(db, table, path)
      }
    }
  }

  /// - Parameter argument: What SQLite is to look at, as `integrity_check` takes it.
  private func checkStructure(_ db: Database, _ argument: String) throws {
    let findings = try String.fetchOne(db, sql: "PRAGMA integrity_check(\(argument))")
    guard findings != "ok" else { return }
    // SQLite heads its findings with the name of the database.
    let lines = findings?.split(separator: "\n").map(String.init) ?? []
    let first = lines.first { !$0.hasPrefix("***") } ?? "it is not sound"
    throw StoreError.damaged("read", path, first)
  }
}
