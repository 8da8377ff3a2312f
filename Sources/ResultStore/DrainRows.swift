internal import GRDB
internal import Sweep

/// A host that is given nothing because several different points failed on it at once.
package struct DrainedHost: Hashable, Sendable {
  package let name: String
  /// The key whose workers are there; nil where no keys were in use.
  package let owner: String?
  package let reason: String
}

/// How drained hosts lie in the store.
enum DrainRows {
  static func insert(
    _ db: Database, host: String, owner: String?, reason: String?, excused: [AttemptID], at: Double
  ) throws {
    try db.cachedStatement(
      sql: """
        INSERT INTO drains (host, reason, at, owner)
        SELECT ?1, ?2, ?3, ?4 WHERE ?2 IS NOT
          (SELECT reason FROM drains WHERE host = ?1 AND owner IS ?4 ORDER BY id DESC LIMIT 1)
        """
    ).execute(arguments: [host, reason, at, owner])
    for attempt in excused {
      try db.cachedStatement(
        sql: """
          INSERT INTO excused (attempt_epoch, attempt_counter, at) VALUES (?, ?, ?)
          ON CONFLICT (attempt_epoch, attempt_counter) DO NOTHING
          """
      ).execute(arguments: [attempt.storedEpoch, attempt.counter, at])
    }
  }

  static func current(_ db: Database, _ path: String) throws -> [DrainedHost] {
    guard try Schema.hasTroubles(db) else { return [] }
    // A store that no coordinator has opened since does not tell owners apart.
    let owner = try db.hasColumn("owner", in: "drains") ? "d.owner" : "NULL"
    let same = owner == "NULL" ? "" : "AND owner IS d.owner"
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT host, reason, \(owner) FROM drains d
        WHERE reason IS NOT NULL AND id = (SELECT max(id) FROM drains WHERE host = d.host \(same))
        ORDER BY host, id
        """)
    var hosts: [DrainedHost] = []
    while let row = try rows.next() {
      let columns = Columns(row, path)
      hosts.append(
        DrainedHost(
          name: try columns.text(0), owner: columns.optionalText(2), reason: try columns.text(1)))
    }
    return hosts
  }
}

extension ResultStore {
  /// Hosts that have trained points.
  package func provenHosts() throws(StoreError) -> Set<String> {
    try connection.read("read") { db in
      Set(try String.fetchAll(db, sql: "SELECT DISTINCT host FROM outcomes"))
    }
  }

  /// Hosts that are drained, by name.
  package func drainedHosts() throws(StoreError) -> [DrainedHost] {
    let path = path
    return try connection.read("read") { db in try DrainRows.current(db, path) }
  }

  /// The keys of workers that had one.
  package func workerOwners() throws(StoreError) -> [WorkerRecordID: String] {
    let path = path
    return try connection.read("read") { db in
      var owners: [WorkerRecordID: String] = [:]
      try db.forEachRow("SELECT session, owner FROM workers WHERE owner IS NOT NULL", of: path) {
        columns in
        let row = try columns.integer("session")
        owners[WorkerRecordID(row: row)] = try columns.text("owner")
      }
      return owners
    }
  }
}

extension StoreReader {
  /// Hosts that are drained, by name.
  package func drainedHosts() throws(StoreError) -> [DrainedHost] {
    let path = path
    return try connection.read("read") { db in try DrainRows.current(db, path) }
  }
}
