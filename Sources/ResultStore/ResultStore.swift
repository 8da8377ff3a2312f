internal import GRDB
package import Sweep
internal import Synchronization
internal import VAE

/// The durable record of sweeps: who was granted what, every outcome once, every failure.
///
/// An SQLite file with a rollback journal and `synchronous=EXTRA`: what a call has returned is on
/// the disk, and a power cut does not take it back. One coordinator holds it at a time; readers may open it meanwhile (`StoreReader`).
/// Every call blocks on the disk, so that one thread should own it.
package final class ResultStore: Sendable {
  let connection: Connection
  let identity: StoreIdentity
  let state = Mutex(WriterState())
  private let guardian: StoreGuardian
  private let lock: StoreLock

  /// As the user wrote it.
  package var path: String { connection.path }

  /// Where the bytes of its checkpoints lie: beside the file itself, under whatever name it is opened.
  package var checkpointFolder: String { connection.resolved + ".checkpoints" }

  /// Opens the store, or makes it where there is none; the first start records `identity`'s BLAS
  /// core and fingerprint.
  ///
  /// A file of another program, of a newer version, of other terms, or on a network file system is
  /// refused unchanged, and so is a store that another coordinator holds.
  package init(path: String, identity: StoreIdentity) throws(StoreError) {
    let lock = try StoreLock(path)
    let guardian = StoreGuardian()
    let connection = try Connection(
      resolved: lock.resolved, shownAs: path, readonly: false, guardian: guardian)
    // The initial page is written by the transaction that makes the tables, or not at all.
    if try !connection.checkKind() { try Self.create(connection, identity) }
    // All that may refuse it comes before all that may change it.
    try Self.check(identity, connection)
    try connection.checkAll()
    try Self.complete(connection)
    try connection.perform("open") { db in
      try db.execute(
        sql: """
          PRAGMA journal_mode = DELETE;
          PRAGMA cache_size = -32768;
          PRAGMA temp_store = MEMORY;
          -- Whoever keeps it locked for longer is told of, and then it is tried again.
          PRAGMA busy_timeout = 5000;
          """)
      // Now: a change of temp_store drops what is temporary.
      try Seals(db)?.begin(db)
    }
    self.connection = connection
    self.identity = identity
    self.guardian = guardian
    self.lock = lock
    try connection.read("open") { db in try guardian.begin(db) }
    try requireInPlace("open")
  }

  deinit { connection.close() }

  /// Refuses a file that is no longer what was committed to it: deleted, moved away, or overwritten by
  /// another or an older one.
  ///
  /// To be called before anybody is told that a sweep is complete.
  package func confirm() throws(StoreError) {
    try requireInPlace("read")
    let (guardian, path) = (guardian, path)
    try connection.read("read") { db in try guardian.check(db, path) }
  }

  private func requireInPlace(_ action: String) throws(StoreError) {
    guard lock.isInPlace else { throw .moved(action, path) }
  }

  /// Reads this store without checking it once more.
  package func reader() throws(StoreError) -> StoreReader { try StoreReader(ofChecked: path) }

  /// What the store's first start fixed, or nil where no sweep has started on it.
  ///
  /// To be read before the BLAS core is chosen; takes no lock.
  package static func recordedTerms(path: String) throws(StoreError) -> RecordedTerms? {
    guard let (resolved, size) = try StoreFile.existing(path, "open"), size > 0 else { return nil }
    let connection = try Connection(recovering: resolved, shownAs: path)
    defer { connection.close() }
    return try connection.checkKind() ? connection.recordedTerms() : nil
  }

  /// Drawn when the store was made, and different from every other store's.
  package func storeID() throws(StoreError) -> UInt64 {
    let id = try connection.read("read") { db in
      try Int64.fetchOne(db, sql: "SELECT store_id FROM store")
    }
    guard let id, let number = UInt64(exactly: id) else {
      throw .damaged("read", path, "no store id")
    }
    return number
  }

  /// The next start of a coordinator: durable, its epoch larger than every one before, its number new.
  package func startEpoch() throws(StoreError) -> CoordinatorStart {
    let start = try connection.transaction("write to") { db -> CoordinatorStart? in
      let last = try Int64.fetchOne(
        db,
        sql: """
          SELECT max(coordinator_epoch, coalesce((SELECT max(epoch) FROM attempts), 0)) FROM store
          """)
      guard let last, let stored = UInt64(exactly: last) else { return nil }
      let start = CoordinatorStart(after: stored)
      guard let next = Int64(exactly: start.stored) else { return nil }
      try db.execute(sql: "UPDATE store SET coordinator_epoch = ?", arguments: [next])
      return start
    }
    guard let start else { throw .damaged("read", path, "no coordinator epoch") }
    return start
  }

  private static func create(_ connection: Connection, _ identity: StoreIdentity)
    throws(StoreError)
  {
    try connection.transaction("create") { db in
      try db.execute(sql: Schema.sql)
      try db.execute(
        sql: """
          INSERT INTO store (id, store_id, dataset_digest, trainer_version, blas_core, fingerprint)
          VALUES (1, ?, ?, ?, ?, ?)
          """,
        arguments: [
          Int64.random(in: 1...Int64.max), identity.datasetDigest.hex, identity.trainerVersion,
          identity.blasCore,
          identity.fingerprint,
        ])
      try Seals(db)?.seal(db, Seals.names)
    }
  }
}

/// What the writer remembers between batches.
struct WriterState {
  /// Rows of configurations written or looked up before.
  var configurations: [Configuration: Int64] = [:]
  /// After a failed fsync a repeated one can succeed falsely, so nothing is written any more.
  var unreliable: StoreError?
}
