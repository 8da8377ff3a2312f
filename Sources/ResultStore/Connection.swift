internal import GRDB
internal import GRDBSQLite
internal import Glibc
internal import Platform

/// One SQLite connection to a store, whose errors name the store and what was being done.
struct Connection: Sendable {
  private let queue: DatabaseQueue
  /// As the user wrote it.
  let path: String
  /// With every symbolic link resolved.
  let resolved: String
  /// Of the one connection that writes.
  private let guardian: StoreGuardian?

  /// Opens the file at `resolved`; `readonly` neither creates nor changes it.
  ///
  /// - Parameter guardian: Watches what becomes of the file between this connection's transactions.
  init(
    resolved: String, shownAs path: String, readonly: Bool, guardian: StoreGuardian? = nil
  ) throws(StoreError) {
    var configuration = GRDB.Configuration()
    configuration.readonly = readonly
    configuration.busyMode = .timeout(readonly ? 30 : 60)
    configuration.label = "vaesweep.store"
    configuration.prepareDatabase { db in
      try db.addSealing()
      // FULL does not sync the folder after the journal is removed: a power cut would bring the journal
      // back, which takes back a commit that was acknowledged.
      if !readonly { try db.execute(sql: "PRAGMA synchronous = EXTRA") }
    }
    self.path = path
    self.resolved = resolved
    self.guardian = guardian
    do {
      queue = try DatabaseQueue(path: resolved, configuration: configuration)
    } catch {
      throw StoreError.from(error, "open", path)
    }
  }

  /// Runs `body`, which sees each statement as its own transaction.
  func perform<Value>(_ action: String, _ body: (Database) throws -> Value) throws(StoreError)
    -> Value
  {
    try run(action) { db in try body(db) }
  }

  /// Runs `body` in one transaction that is durable when this returns, or leaves nothing.
  ///
  /// On a file that went back in time nothing is written.
  func transaction<Value>(_ action: String, _ body: (Database) throws -> Value)
    throws(StoreError) -> Value
  {
    try run(action) { db in
      var value: Value?
      var ends: [Int64?] = []
      try db.inTransaction(.immediate) {
        try guardian?.check(db, path)
        value = try body(db)
        ends = try guardian?.ends(db) ?? []
        return .commit
      }
      guardian?.remember(ends)
      guard let value else { throw StoreError(.refused, action, path, "nothing was done") }
      return value
    }
  }

  /// Runs `body` on one consistent state of the store.
  ///
  /// Keep it short: it holds up the writer.
  func read<Value>(_ action: String, _ body: (Database) throws -> Value) throws(StoreError)
    -> Value
  {
    var errno: Errno?
    do {
      return try queue.read { db in
        do { return try body(db) } catch {
          errno = Self.systemError(db, behind: error)
          throw error
        }
      }
    } catch {
      throw StoreError.from(error, action, path, errno)
    }
  }

  private func run<Value>(_ action: String, _ body: (Database) throws -> Value) throws(StoreError)
    -> Value
  {
    var errno: Errno?
    do {
      return try queue.writeWithoutTransaction { db in
        do { return try body(db) } catch {
          errno = Self.systemError(db, behind: error)
          throw error
        }
      }
    } catch {
      throw StoreError.from(error, action, path, errno)
    }
  }

  /// What the system said to SQLite's last call that it failed.
  ///
  /// Where a commit fails, SQLite rolls back before it asks the system for its reason, which is another
  /// call's by then: a write that failed under a limit of a file's size counts as that limit's doing.
  private static func systemError(_ db: Database, behind error: any Error) -> Errno {
    let errno = Errno(sqlite3_system_errno(db.sqliteConnection))
    let isWrite = (error as? DatabaseError)?.extendedResultCode == .SQLITE_IOERR_WRITE
    let isTold = [EIO, ENOSPC, EDQUOT, EFBIG].contains(errno.rawValue)
    return isWrite && !isTold && FileSizeLimit.current != nil ? Errno(EFBIG) : errno
  }

  func close() {
    // What is committed is on the disk; there is nothing to lose here.
    try? queue.close()
  }
}

extension Connection {
  /// Refuses a file of another program or of another version; false for a file without a page.
  func checkKind() throws(StoreError) -> Bool {
    try perform("open") { db in
      let pages = try Int64.fetchOne(db, sql: "PRAGMA page_count")
      if pages == 0 { return false }
      let application = try Int64.fetchOne(db, sql: "PRAGMA application_id")
      guard application == Int64(Schema.applicationID) else {
        throw StoreError(
          .foreign, "open", path,
          "it belongs to another program; choose another name for the store")
      }
      let version = try Schema.version(of: db)
      // One bit of the header could turn a store into another version's.
      let isContradicted =
        version < Schema.firstSealed
        ? try Seals.hasDefinitionsSeal(db)
        : try (Schema.firstSealed...Schema.version).contains { other in
          try other != version && Seals.areAsMade(db, by: other)
        }
      guard !isContradicted else {
        throw StoreError.damaged(
          "open", path, "its header says version \(version), and its tables another")
      }
      guard version <= Schema.version else {
        throw StoreError.newer(
          "open", path, "store version \(version), and this one knows \(Schema.version)")
      }
      guard version >= Schema.oldest else {
        throw StoreError(
          .older, "open", path,
          "it was written by an older vaesweep (store version \(version), and this one writes "
            + "\(Schema.version)); read it with the vaesweep that wrote it, and start a new store")
      }
      if let key = try Schema.unknownTrainKey(db) {
        throw StoreError.newer("open", path, "its points have a train key \(key)")
      }
      return true
    }
  }

  /// What the first start fixed, or nil where it was not finished.
  func recordedTerms() throws(StoreError) -> RecordedTerms? {
    try read("read") { db in
      try Row.fetchOne(db, sql: "SELECT blas_core, fingerprint FROM store").map { row in
        let columns = Columns(row, path)
        return RecordedTerms(blasCore: try columns.text(0), fingerprint: try columns.text(1))
      }
    }
  }
}
