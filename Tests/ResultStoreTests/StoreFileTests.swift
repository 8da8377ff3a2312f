import Foundation
import GRDB
import ResultStore
import Sweep
import TestSupport
import Testing

@Suite("A file is refused as a store")
struct StoreFileTests {
  private let folder: TemporaryFolder
  private var path: String { folder.file() }

  init() throws { folder = try TemporaryFolder() }

  private func refusal(
    _ path: String? = nil, _ identity: StoreIdentity = Fixture.identity
  ) -> StoreError? {
    #expect(throws: StoreError.self) {
      try ResultStore(path: path ?? self.path, identity: identity)
    }
  }

  private func write(_ bytes: [UInt8]) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }

  @Test("when it is not SQLite", arguments: [5, 100, 5000])
  func garbage(size: Int) throws {
    try write((0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ 7) })
    let before = FileManager.default.contents(atPath: path)
    let line = "it is not an SQLite file; choose another name for the store"
    #expect(refusal()?.description == "cannot open the store \(path): \(line)")
    let reading = #expect(throws: StoreError.self) { try StoreReader(path: path) }
    #expect(reading?.kind == .notAStore)
    #expect(FileManager.default.contents(atPath: path) == before)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 1)
  }

  @Test("when it belongs to another program", arguments: [0, 42])
  func foreign(application: Int) throws {
    let queue = try DatabaseQueue(path: path)
    try queue.write {
      try $0.execute(
        sql: "CREATE TABLE photos (id INTEGER); PRAGMA application_id = \(application)")
    }
    let line =
      "cannot open the store \(path): it belongs to another program; "
      + "choose another name for the store"
    #expect(refusal()?.description == line)
    #expect(throws: StoreError.self) { try StoreReader(path: path) }
    #expect(throws: StoreError.self) { try ResultStore.recordedTerms(path: path) }
    #expect(try queue.read { try $0.tableExists("photos") && !$0.tableExists("store") })
  }

  @Test("when a newer version wrote it")
  func newer() throws {
    _ = try OpenStore(path)
    try DatabaseQueue(path: path).write { db in
      try db.execute(sql: "CREATE TABLE later (a); DROP VIEW failed; PRAGMA user_version = 7")
    }
    let line =
      "it was written by a newer vaesweep (store version 7, and this one knows 5); update vaesweep"
    #expect(refusal()?.description == "cannot open the store \(path): \(line)")
    #expect(refusal()?.kind == .newer)
    let reading = #expect(throws: StoreError.self) { try StoreReader(path: path) }
    #expect(reading?.kind == .newer)
  }

  @Test("when an older version wrote it, and is left as it was")
  func older() throws {
    _ = try OpenStore(path)
    try Fixture.removeSeals(path)
    try DatabaseQueue(path: path).write { try $0.execute(sql: "PRAGMA user_version = 1") }
    let before = FileManager.default.contents(atPath: path)
    let line =
      "it was written by an older vaesweep (store version 1, and this one writes 5); "
      + "read it with the vaesweep that wrote it, and start a new store"
    #expect(refusal()?.description == "cannot open the store \(path): \(line)")
    #expect(refusal()?.kind == .older)
    let reading = #expect(throws: StoreError.self) { try StoreReader(path: path) }
    #expect(reading?.kind == .older)
    #expect(FileManager.default.contents(atPath: path) == before)
  }

  @Test("when it is truncated", arguments: [4096, 20_480])
  func truncated(size: Int) throws {
    _ = try OpenStore(path)
    let whole = try #require(FileManager.default.contents(atPath: path))
    try write(Array(whole.prefix(size)))
    #expect(
      refusal()?.description
        == "cannot open the store \(path): the file is damaged (database disk image is malformed); "
        + "restore it from a copy")
    let reading = #expect(throws: StoreError.self) { try StoreReader(path: path) }
    #expect(reading?.kind == .damaged)
  }

  @Test("when its outcomes are of other terms")
  func otherTerms() throws {
    _ = try OpenStore(path)
    func line(_ change: (inout StoreIdentity) -> Void) -> String? {
      var identity = Fixture.identity
      change(&identity)
      return refusal(nil, identity)?.description
    }
    let start = "cannot use the store \(path): "
    let end = "; choose another store"
    #expect(
      line { $0.datasetDigest = Digest(of: "another") }
        == start + "its outcomes are of the dataset \(Fixture.dataset.short)…, and this sweep's is "
        + "\(Digest(of: "another").short)…" + end)
    #expect(
      line { $0.trainerVersion = 2 }
        == start + "its outcomes are of trainer version 1, and this vaesweep has 2" + end)
    #expect(
      line { $0.blasCore = "zen" }
        == start + "its outcomes were made with the BLAS core haswell, and this start uses zen"
        + end)
    #expect(
      line { $0.fingerprint = String(repeating: "0", count: 64) }
        == start + "this machine does not compute its fingerprint "
        + "\(Fixture.identity.fingerprint.prefix(12))… but 000000000000…" + end)
    var mixed = Fixture.identity
    mixed.mixed = true
    mixed.fingerprint = "another"
    mixed.blasCore = "zen"
    _ = try ResultStore(path: path, identity: mixed)
    #expect(try ResultStore.recordedTerms(path: path)?.blasCore == "haswell")
  }

  @Test("when another coordinator holds it")
  func locked() throws {
    let first = try ResultStore(path: path, identity: Fixture.identity)
    let process = ProcessInfo.processInfo.processIdentifier
    let line =
      "another coordinator (process \(process)) holds it; stop that one, or choose another store"
    #expect(refusal()?.description == "cannot open the store \(path): \(line)")
    #expect(refusal()?.kind == .inUse)
    // One file has one lock, by whichever name.
    let link = folder.file("link")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
    #expect(refusal(link)?.kind == .inUse)
    // Readers need no lock.
    #expect(try ResultStore.recordedTerms(path: path)?.fingerprint == Fixture.identity.fingerprint)
    #expect(try StoreReader(path: path).outcomes().isEmpty)
    withExtendedLifetime(first) {}
  }

  @Test("when another coordinator holds it by a link that was there before it")
  func linkedBefore() throws {
    let link = folder.file("link")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "store.vaesweep")
    let first = try ResultStore(path: link, identity: Fixture.identity)
    #expect(refusal()?.kind == .inUse)
    #expect(refusal(link)?.kind == .inUse)
    // By its new name too.
    try FileManager.default.moveItem(atPath: path, toPath: folder.file("moved"))
    #expect(refusal(folder.file("moved"))?.kind == .inUse)
    withExtendedLifetime(first) {}
  }

  @Test("when another process holds it, which is named")
  func lockedElsewhere() throws {
    _ = try OpenStore(path)
    let holder = Process()
    holder.executableURL = URL(filePath: "/usr/bin/flock")
    holder.arguments = [path, "cat"]
    let (input, output) = (Pipe(), Pipe())
    (holder.standardInput, holder.standardOutput) = (input, output)
    try holder.run()
    // What comes back has passed through the holder.
    try input.fileHandleForWriting.write(contentsOf: Data("held".utf8))
    #expect(try output.fileHandleForReading.read(upToCount: 4) == Data("held".utf8))
    let error = refusal()
    try input.fileHandleForWriting.close()
    holder.waitUntilExit()
    #expect(error?.kind == .inUse)
    #expect(error?.description.contains("another coordinator (process ") == true, "\(error as Any)")
    #expect(throws: Never.self) { try ResultStore(path: path, identity: Fixture.identity) }
  }

  @Test("when it has a second name, of which its journal knows nothing")
  func hardLink() throws {
    _ = try OpenStore(path)
    let link = folder.file("link")
    try FileManager.default.linkItem(atPath: path, toPath: link)
    let line =
      "it has 2 names (hard links), and its journal is found by one of them only; remove the others, or "
      + "copy it"
    for name in [path, link] {
      #expect(refusal(name)?.description == "cannot open the store \(name): \(line)")
      let reading = #expect(throws: StoreError.self) { try StoreReader(path: name) }
      #expect(reading?.kind == .linked)
    }
    try FileManager.default.removeItem(atPath: link)
    #expect(throws: Never.self) { try ResultStore(path: path, identity: Fixture.identity) }
  }

  @Test(
    "when its name leaves no room for its journal's, and no file is made", arguments: [244, 300])
  func longName(count: Int) throws {
    let name = folder.file(String(repeating: "n", count: count))
    #expect(refusal(name)?.description.contains("has \(count) bytes, and 243 are allowed") == true)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    #expect(throws: Never.self) {
      try ResultStore(path: String(name.dropLast(count - 243)), identity: Fixture.identity)
    }
  }

  @Test("when its path is longer than SQLite takes, and no file is made")
  func longPath() throws {
    let deep = folder.file(
      Array(repeating: "a-folder-in-a-folder", count: 25).joined(separator: "/"))
    try FileManager.default.createDirectory(atPath: deep, withIntermediateDirectories: true)
    #expect(refusal(deep + "/x")?.description.contains("and SQLite takes 499") == true)
    #expect(try FileManager.default.contentsOfDirectory(atPath: deep).isEmpty)
  }

  @Test("when its folder is missing or may not be written to")
  func folders() throws {
    let missing = folder.file("none") + "/x"
    #expect(
      refusal(missing)?.description
        == "cannot open the store \(missing): the folder \(folder.file("none")) does not exist; "
        + "make it first")
    #expect(
      refusal(folder.path)?.description
        == "cannot open the store \(folder.path): it is a folder; name a file in it")
    #expect(refusal(folder.path + "/new/")?.kind == .folder)
  }

  @Test("when its folder is read-only")
  func readOnlyFolder() throws {
    try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder.path)
    defer {
      try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path)
    }
    let path = path
    let error = try asNobody { () -> StoreError? in
      do {
        _ = try ResultStore(path: path, identity: Fixture.identity)
        return nil
      } catch let error as StoreError {
        return error
      }
    }
    #expect(
      error?.description
        == "cannot open the store \(path): this user may not do that (permission denied); "
        + "change the permissions of the file and its folder, or choose another place")
  }
}

@Suite("A new store")
struct NewStoreTests {
  @Test(
    "is made where there is no file, or an empty one that a crash left", arguments: [true, false])
  func new(empty: Bool) throws {
    let folder = try TemporaryFolder()
    let path = folder.file()
    if empty { try Data().write(to: URL(fileURLWithPath: path)) }
    #expect(try ResultStore.recordedTerms(path: path) == nil)
    let reading = #expect(throws: StoreError.self) { try StoreReader(path: path) }
    #expect(reading?.kind == .missing)
    #expect(FileManager.default.fileExists(atPath: path) == empty)
    do { _ = try OpenStore(path) }
    let terms = try #require(try ResultStore.recordedTerms(path: path))
    #expect(terms.blasCore == "haswell")
    #expect(terms.fingerprint == Fixture.identity.fingerprint)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["store.vaesweep"])
  }

  @Test("has its marks in the header, a rollback journal and full synchronisation")
  func header() throws {
    let folder = try TemporaryFolder()
    _ = try OpenStore(folder.file())
    let bytes = try #require(FileManager.default.contents(atPath: folder.file()))
    #expect(bytes[68..<72].elementsEqual("vaes".utf8))
    #expect(bytes[60..<64].elementsEqual([0, 0, 0, 5]))
    let queue = try DatabaseQueue(path: folder.file())
    try queue.read { db in
      #expect(try String.fetchOne(db, sql: "PRAGMA journal_mode") == "delete")
      #expect(try String.fetchOne(db, sql: "PRAGMA integrity_check") == "ok")
      let tables = try String.fetchAll(
        db, sql: "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
      #expect(
        tables == [
          "artifacts", "attempts", "checkpoints", "claims", "configurations", "drains", "epochs",
          "excused",
          "failures", "faults", "latents", "orders", "outcomes", "releases", "reopenings", "store",
          "sweeps", "workers",
        ])
    }
  }

  @Test("without outcomes is read as one")
  func noOutcomes() throws {
    let folder = try TemporaryFolder()
    let open = try OpenStore(folder.file())
    let reader = try StoreReader(path: folder.file())
    #expect(try reader.outcomes().isEmpty)
    #expect(try reader.failures().isEmpty)
    let progress = try reader.progress()
    #expect(progress.coordinatorEpoch == open.start.epoch)
    #expect((progress.ok, progress.diverged, progress.failed, progress.running) == (0, 0, 0, 0))
    #expect(progress.lastFinishedAt == nil)
  }
}
