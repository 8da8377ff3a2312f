internal import GRDB
internal import Sweep

/// A host that is given nothing because several different points failed on it at once.
package struct DrainedHost: Hashable, Sendable {
  package let name: String
  package let reason: String
}

/// How drained hosts lie in the store.
enum DrainRows {
  static func insert(
    _ db: Database, host: String, reason: String?, excused: [AttemptID], at: Double
  ) throws {
    try db.cachedStatement(
      sql: """
        INSERT INTO drains (host, reason, at)
        SELECT ?1, ?2, ?3 WHERE ?2 IS NOT
          (SELECT reason FROM drains WHERE host = ?1 ORDER BY id DESC LIMIT 1)
        """
    ).execute(arguments: [host, reason, at])
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
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT host, reason FROM drains d
        WHERE reason IS NOT NULL AND id = (SELECT max(id) FROM drains WHERE host = d.host)
        ORDER BY host
        """)
    var hosts: [DrainedHost] = []
    while let row = try rows.next() {
      let columns = Columns(row, path)
      hosts.append(DrainedHost(name: try columns.text(0), reason: try columns.text(1)))
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
}

extension StoreReader {
  /// Hosts that are drained, by name.
  package func drainedHosts() throws(StoreError) -> [DrainedHost] {
    let path = path
    return try connection.read("read") { db in try DrainRows.current(db, path) }
  }
}
