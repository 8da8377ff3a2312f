internal import GRDB
internal import Synchronization

/// Tells whether a store went back in time between two transactions of its one writer.
///
/// A file may be overwritten in place by an older copy of itself: the locks stay, the name stays, and
/// SQLite reads what is there. That something else wrote to the file shows in its `data_version`; that
/// what this writer had committed is gone shows in where its tables end, which only grow.
final class StoreGuardian: Sendable {
  private struct State: Sendable {
    /// nil until the writer has begun.
    var version: Int64?
    var ends: [Int64?] = []
  }

  private static let ends = """
    SELECT (SELECT store_id FROM store), (SELECT coordinator_epoch FROM store),
      (SELECT max(id) FROM outcomes), (SELECT max(rowid) FROM artifacts),
      (SELECT counter FROM attempts ORDER BY epoch DESC, counter DESC LIMIT 1),
      (SELECT max(id) FROM failures), (SELECT max(id) FROM faults), (SELECT max(id) FROM drains),
      (SELECT max(id) FROM claims), (SELECT max(id) FROM sweeps), (SELECT max(rowid) FROM reopenings)
    """

  private let state = Mutex(State())

  func begin(_ db: Database) throws {
    let (version, ends) = (try Self.version(db), try Self.ends(db))
    state.withLock { $0 = State(version: version, ends: ends) }
  }

  /// Within a transaction, before anything is written.
  func check(_ db: Database, _ path: String) throws {
    let last = state.withLock { $0 }
    guard let version = last.version else { return }
    let current = try Self.version(db)
    guard current != version else { return }
    // Another program may write to the file what it likes, as long as this one's rows stay. Where they
    // cannot be read they are not there.
    guard let ends = try? Self.ends(db), ends == last.ends else {
      throw StoreError(
        .replaced, "write to", path,
        "the file was overwritten by an older or another one while the sweep ran, so that results which "
          + "were stored are missing in it; put the newer file back, if there is a copy, and start again"
      )
    }
    state.withLock { $0.version = current }
  }

  /// Where the tables end now; to be kept when that is committed.
  func ends(_ db: Database) throws -> [Int64?] {
    let isWatching = state.withLock { $0.version != nil }
    guard isWatching else { return [] }
    return try Self.ends(db)
  }

  func remember(_ ends: [Int64?]) { state.withLock { $0.ends = ends } }

  private static func version(_ db: Database) throws -> Int64 {
    try Int64.fetchOne(db.cachedStatement(sql: "PRAGMA data_version")) ?? 0
  }

  private static func ends(_ db: Database) throws -> [Int64?] {
    guard let row = try Row.fetchOne(db.cachedStatement(sql: ends)) else { return [] }
    return (0..<row.count).map { row[$0] }
  }
}
