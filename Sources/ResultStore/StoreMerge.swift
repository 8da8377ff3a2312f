internal import Foundation
internal import GRDB
internal import Platform
package import Sweep

/// Joins two stores of clusters that cannot reach each other into a new one, which holds what one store
/// would hold that had seen all.
///
/// Neither of the two is changed, and a coordinator may run on them meanwhile. Everything travels but
/// checkpoints: points that were under way begin anew.
package struct StoreMerge {
  /// Two results of one point, made under one fingerprint, that should be equal and are not.
  package struct Conflict: Hashable, Sendable {
    package let key: PointKey
    /// Name of the artifact that differs; nil where it is the outcome.
    package let artifact: String?
    /// Of the first store and of the second.
    package let digests: [Digest]
    package let hosts: [String]
  }

  /// What came of it.
  package enum Result: Hashable, Sendable {
    /// Outcomes that each of the two had, and that the new store has.
    case joined(first: Int, second: Int, both: Int, total: Int)
    /// Nothing is written.
    case refused([Conflict])
  }

  private let paths: [String]
  /// Where the new store will lie.
  private let target: String
  private let shownTarget: String
  private let isMixed: Bool

  /// - Parameters:
  ///   - first: The store whose outcome stands where both have one of unlike fingerprints.
  ///   - isMixed: Takes stores of unlike fingerprints, as a coordinator that was started with `--mixed`
  ///     takes unlike workers.
  /// - Throws: Where something has the new store's name already.
  package init(_ first: String, _ second: String, into target: String, isMixed: Bool = false)
    throws(StoreError)
  {
    paths = [first, second]
    self.isMixed = isMixed
    shownTarget = target
    self.target = try StoreFile.target(target, "create")
    try requireFree()
  }

  private func requireFree() throws(StoreError) {
    // A journal of an earlier file of this name would be played back into the new one.
    for name in ["", "-journal", "-wal"] where FileStatus(target + name) != nil {
      throw StoreError(
        .folder, "create", shownTarget,
        "\(shownTarget + name) is there already; choose another name, or move it away")
    }
  }

  /// Refuses one store under two names: nothing would be joined, and what was meant is another file.
  private func requireTwo() throws(StoreError) {
    let files = paths.compactMap { FileStatus($0)?.identity }
    guard files.count < 2 || files[0] != files[1] else {
      throw StoreError(
        .linked, "merge", paths[1], "it is the same file as \(paths[0]); name two different stores")
    }
  }

  /// Carries it out: on copies beside the new store, which gets its name when it is complete and durable.
  package func run() throws(StoreError) -> Result {
    try requireTwo()
    removeStale()
    let folder = "\(target).merging-\(getpid())"
    do throws(SystemError) { try Folder.make(folder, mode: 0o700) } catch {
      throw .system(error.errno, "create", shownTarget, at: folder)
    }
    // What cannot be removed is only in the way.
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let copies = ["\(folder)/first", "\(folder)/second"]
    for (path, copy) in zip(paths, copies) { try Self.copy(path, to: copy) }
    let first = try Connection(resolved: copies[0], shownAs: paths[0], readonly: false)
    defer { first.close() }
    try requireLikeTerms(copies, first)
    let joining = StoreJoining(connection: first, other: copies[1], names: paths)
    let conflicts = try joining.attached { () throws(StoreError) in try joining.conflicts() }
    guard conflicts.isEmpty else { return .refused(conflicts) }
    let result = try joining.attached { () throws(StoreError) in try joining.join() }
    try first.checkAll()
    try publish(copies[0])
    return result
  }

  /// A merge that was interrupted could not remove its folder.
  private func removeStale() {
    let prefix = Path.name(of: target) + ".merging-"
    let place = Path.folder(of: target)
    for name in Folder.names(in: place) where name.hasPrefix(prefix) {
      guard let process = pid_t(name.dropFirst(prefix.count)), process > 0,
        kill(process, 0) != 0, errno == ESRCH
      else { continue }
      // What cannot be removed is only in the way.
      try? FileManager.default.removeItem(atPath: "\(place)/\(name)")
    }
  }

  /// One consistent state of a store, checked and brought up to date.
  private static func copy(_ path: String, to copy: String) throws(StoreError) {
    let source = try StoreReader(path: path)
    let connection = try Connection(resolved: copy, shownAs: path, readonly: false)
    defer { connection.close() }
    // Page by page: VACUUM INTO of SQLite 3.40.1 fails on tables with generated columns.
    try source.connection.read("read") { db in
      try connection.perform("read") { copied in try db.backup(to: copied) }
    }
    try connection.checkAll()
    try ResultStore.complete(connection)
    // A row that fits its seal may still not be what its key and digest say: the new store would be one that
    // no reader takes.
    try connection.forEachOutcome(history: .lastFive) { _ in true }
  }

  /// Refuses stores whose outcomes cannot stand beside each other.
  private func requireLikeTerms(_ copies: [String], _ first: Connection) throws(StoreError) {
    let second = try Connection(resolved: copies[1], shownAs: paths[1], readonly: true)
    defer { second.close() }
    let terms = try [first, second].map { connection throws(StoreError) in
      try connection.read("read") { db in
        try Row.fetchOne(
          db,
          sql: """
            SELECT dataset_digest, CAST(trainer_version AS TEXT), blas_core, fingerprint FROM store
            """
        ).map { row in (0..<4).map { (row[$0] as String?) ?? "" } } ?? []
      }
    }
    let names = ["dataset", "trainer version", "BLAS core", "fingerprint"]
    let unlike = zip(names, zip(terms[0], terms[1])).filter { $0.1.0 != $0.1.1 }
    guard let (name, values) = unlike.first else { return }
    let isArithmetic = name == "BLAS core" || name == "fingerprint"
    guard !(isArithmetic && isMixed) else { return }
    throw StoreError(
      .otherTerms, "merge", paths[1],
      "its outcomes are of the \(name) \(values.1.shortened), and those of \(paths[0]) of "
        + "\(values.0.shortened)"
        + (isArithmetic ? "; --mixed takes both, and compares only within one fingerprint" : ""))
  }

  private func publish(_ copy: String) throws(StoreError) {
    var isNamed = false
    while !isNamed {
      do throws(SystemError) { isNamed = try DurableFile.link(copy, as: target) } catch {
        throw .system(error.errno, "create", shownTarget, at: target)
      }
      // What had the name a moment ago is told, or has gone.
      if !isNamed { try requireFree() }
    }
  }
}

extension String {
  /// The head of a digest; anything short as it is.
  fileprivate var shortened: String { count > 20 ? prefix(12) + "…" : self }
}
