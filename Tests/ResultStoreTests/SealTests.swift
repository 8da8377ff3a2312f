import Foundation
import GRDB
import ResultStore
import Sweep
import Testing

@Suite("Seals")
struct SealTests {
  private let folder = Result { try TemporaryFolder() }

  private func write() throws -> String {
    let path = try folder.get().file()
    let open = try OpenStore(path)
    let (kept, lost) = (try Fixture.point(0), try Fixture.point(1))
    _ = try open.store.commit([
      open.grant(1, kept), open.deliver(1, Fixture.completed(kept)), open.grant(2, lost),
      open.fail(2, lost, .trainerSignal(9)), open.grant(3, lost), .release(open.attempt(3), at: 4),
    ])
    return path
  }

  @Test(
    "tell a row that was changed from outside",
    arguments: [
      "outcomes SET host = 'elsewhere'", "outcomes SET seconds = seconds + 1",
      "failures SET kind = 'worker_lost', code = NULL", "failures SET at = 4",
      "attempts SET granted_at = 9 WHERE counter = 3", "releases SET attempt_counter = 2",
      "workers SET host = 'elsewhere'", "configurations SET epochs = 7",
      "sweeps SET yaml = 'name: another'", "store SET coordinator_epoch = 0",
      "store SET schema_seal = 1",
    ])
  func changed(update: String) throws {
    let path = try write()
    _ = try StoreReader(path: path)
    try DatabaseQueue(path: path).write { db in
      try db.execute(sql: "PRAGMA foreign_keys = OFF")
      try db.execute(sql: "UPDATE \(update)")
    }
    let reading = #expect(throws: StoreError.self) { try StoreReader(path: path) }
    #expect(reading?.kind == .damaged)
    let writing = #expect(throws: StoreError.self) {
      try ResultStore(path: path, identity: Fixture.identity)
    }
    #expect(writing?.description.contains("restore it from a copy") == true)
  }

  @Test("tell a view that was changed, and take a table that the user added")
  func definitions() throws {
    let path = try write()
    try DatabaseQueue(path: path).write { try $0.execute(sql: "CREATE TABLE mine (a)") }
    _ = try StoreReader(path: path)
    try DatabaseQueue(path: path).write { db in
      try db.execute(
        sql: """
          DROP VIEW failed;
          CREATE VIEW failed AS SELECT * FROM unfinished WHERE own > 1 OR lost >= 3;
          """)
    }
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
      #expect(try store.startEpoch() == 2)
    }
    #expect(try StoreReader(path: path).outcomes() == before)
    try DatabaseQueue(path: path).write { db in
      try db.execute(sql: "UPDATE failures SET message = 'another'")
    }
    #expect(throws: StoreError.self) { try StoreReader(path: path) }
  }
}
