import Foundation
import GRDB
import ResultStore
import Sweep
import TestSupport
import Testing
import VAE

@Suite("Seals")
struct SealTests {
  private let folder = Result { try TemporaryFolder() }

  /// A store with rows in every table.
  private func write() throws -> String {
    let path = try folder.get().file()
    let open = try OpenStore(path)
    let (kept, lost) = (try Fixture.point(0), try Fixture.point(1))
    let worker = Fixture.worker.id
    _ = try open.store.commit([
      open.grant(1, kept), open.deliver(1, Fixture.completed(kept)), open.grant(2, lost),
      open.fail(2, lost, .trainerSignal(9)), open.grant(3, lost), .release(open.attempt(3), at: 4),
      open.grant(4, lost), open.fail(4, lost, .trainerSignal(9)), open.grant(5, kept),
      open.deliver(5, try Fixture.other(0)), .reopen([Fixture.key(lost)], at: 5),
      .order(
        .cancel(PointFilter(texts: ["seed=4"], match: GridMatch([.seed: .seed(4)]))),
        of: open.sweep, owner: "a key", reopened: [], at: 5.5),
      .order(.drain(host: "node-2"), of: open.sweep, owner: nil, reopened: [], at: 5.6),
      .drain(host: "node-1", reason: "bad", excused: [open.attempt(4)], at: 6), open.grant(6, lost),
      .checkpoint(
        CheckpointRecord(
          attempt: open.attempt(6), key: Fixture.key(lost), digest: Digest(of: "bytes"), size: 5,
          step: 7, fingerprint: Fixture.identity.fingerprint), at: 7),
      .artifact(
        Artifact(kind: .codes, data: [1, 2, 3]), of: Fixture.key(kept), attempt: open.attempt(1),
        worker: worker, fingerprint: Fixture.identity.fingerprint, at: 8),
    ])
    try open.store.record(
      claims: Digest(of: "{}"), family: "{}", yaml: "", of: open.sweep, outcomesBefore: 1, at: 9)
    return path
  }

  private func change(_ path: String, _ sql: String) throws {
    try DatabaseQueue(path: path).writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA foreign_keys = OFF")
      try db.execute(sql: sql)
    }
  }

  private func opening(_ path: String) -> StoreError? {
    #expect(throws: StoreError.self) {
      try ResultStore(path: path, identity: Fixture.identity)
    }
  }

  @Test("tell any value of any row that was changed from outside")
  func everyColumn() throws {
    let path = try write()
    let sound = try Data(contentsOf: URL(fileURLWithPath: path))
    let columns = try DatabaseQueue(path: path).read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT t.name, c.name, c.type FROM sqlite_schema t, pragma_table_info(t.name) c
          WHERE t.type = 'table'
          """
      ).map { (table: $0[0] as String, column: $0[1] as String, type: $0[2] as String) }
    }
    #expect(Set(columns.map(\.table)).count == 18)
    for (table, column, type) in columns {
      try sound.write(to: URL(fileURLWithPath: path))
      let isChanged = try DatabaseQueue(path: path).writeWithoutTransaction { db in
        try db.execute(sql: "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON")
        let value =
          switch type {
          case "TEXT": "'x' || substr(ifnull(\"\(column)\", 'y'), 2)"
          case "BLOB": "x'00'"
          default: "ifnull(\"\(column)\", 1) + 1000"
          }
        try db.execute(sql: "UPDATE \(table) SET \"\(column)\" = \(value)")
        return db.changesCount > 0
      }
      #expect(isChanged, "\(table) is empty")
      let error = opening(path)
      #expect(error?.kind == .damaged || error?.kind == .otherTerms, "\(table).\(column)")
      // A reader compares some as it reads.
      let reading = Result {
        let reader = try StoreReader(path: path)
        _ = try reader.outcomes()
        for (key, kinds) in try reader.artifactKinds() {
          for kind in kinds { _ = try reader.artifact(of: key, kind) }
        }
      }
      #expect(throws: StoreError.self, "\(table).\(column)") { try reading.get() }
    }
  }

  @Test("tell a header that contradicts the tables", arguments: [0, 1, 2, 3, 7, 131])
  func header(version: Int) throws {
    let path = try write()
    try change(path, "PRAGMA user_version = \(version)")
    #expect(opening(path)?.description.contains("its header says version \(version)") == true)
    let reading = #expect(throws: StoreError.self) { try StoreReader(path: path) }
    #expect(reading?.kind == .damaged)
  }

  @Test("are not set on an older store that is refused: it stays as it was")
  func refused() throws {
    let path = try write()
    try Fixture.removeSeals(path)
    let before = try Data(contentsOf: URL(fileURLWithPath: path))
    var other = Fixture.identity
    other.datasetDigest = Digest(of: "another")
    #expect(throws: StoreError.self) { try ResultStore(path: path, identity: other) }
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    try change(path, "UPDATE artifacts SET data = x'00'")
    let damaged = try Data(contentsOf: URL(fileURLWithPath: path))
    #expect(opening(path)?.kind == .damaged)
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == damaged)
  }

  @Test("tell a view that was changed, and take a table that the user added")
  func definitions() throws {
    let path = try write()
    try change(path, "CREATE TABLE mine (a); CREATE INDEX own ON outcomes (host)")
    _ = try StoreReader(path: path)
    try change(
      path,
      """
      DROP VIEW failed;
      CREATE VIEW failed AS SELECT * FROM unfinished WHERE own > 1 OR lost >= 3;
      """)
    let error = #expect(throws: StoreError.self) { try StoreReader(path: path) }
    #expect(error?.description.contains("its tables are not those that were made") == true)
  }

  @Test("are set on all rows of an older store by its next coordinator, and until then not missed")
  func older() throws {
    let path = try write()
    let before = try StoreReader(path: path).outcomes()
    try Fixture.removeSeals(path)
    #expect(try StoreReader(path: path).outcomes() == before)
    do {
      let store = try ResultStore(path: path, identity: Fixture.identity)
      #expect(try store.startEpoch().epoch == 2)
    }
    #expect(try StoreReader(path: path).outcomes() == before)
    try change(path, "UPDATE failures SET message = 'another'")
    #expect(throws: StoreError.self) { try StoreReader(path: path) }
  }
}
