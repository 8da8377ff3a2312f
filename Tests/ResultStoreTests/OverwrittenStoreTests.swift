import Foundation
import GRDB
import ResultStore
import Sweep
import TestSupport
import Testing

@Suite("A store that changes under its coordinator")
struct OverwrittenStoreTests {
  private let folder: TemporaryFolder
  private var path: String { folder.file() }

  init() throws { folder = try TemporaryFolder() }

  /// As `cp` does it: the same file, other content.
  private func overwrite(with bytes: Data) throws {
    let handle = try FileHandle(forWritingTo: URL(filePath: path))
    try handle.truncate(atOffset: 0)
    try handle.write(contentsOf: bytes)
    try handle.close()
  }

  private func bytes() throws -> Data { try Data(contentsOf: URL(filePath: path)) }

  private func deliver(_ counter: UInt64, to open: OpenStore) throws {
    let point = try Fixture.point(UInt32(counter))
    _ = try open.store.commit([open.grant(counter, point)])
    _ = try open.store.commit([open.deliver(counter, Fixture.completed(point))])
  }

  @Test("is not written to when it went back in time, and is not called complete")
  func older() throws {
    let open = try OpenStore(path)
    try deliver(0, to: open)
    let older = try bytes()
    try deliver(1, to: open)
    #expect(throws: Never.self) { try open.store.confirm() }
    try overwrite(with: older)
    let end = #expect(throws: StoreError.self) { try open.store.confirm() }
    #expect(end?.kind == .replaced)
    #expect(end?.isContentSafe == false)
    let error = #expect(throws: StoreError.self) { try deliver(2, to: open) }
    #expect(error?.kind == .replaced)
    #expect(
      error?.description.contains("overwritten by an older or another one while the sweep ran")
        == true)
    #expect(try bytes() == older)
  }

  @Test("is told from another one that has no results yet")
  func another() throws {
    let open = try OpenStore(path)
    try deliver(0, to: open)
    let other = folder.file("other")
    do { _ = try OpenStore(other) }
    try overwrite(with: Data(contentsOf: URL(filePath: other)))
    #expect(throws: StoreError.self) { try deliver(1, to: open) }
    #expect(throws: StoreError.self) { try open.store.confirm() }
  }

  @Test("is told when it was restored through SQLite, whose counters go on")
  func restored() throws {
    let open = try OpenStore(path)
    try deliver(0, to: open)
    let copy = folder.file("copy")
    let source = try DatabaseQueue(path: path)
    do { try source.backup(to: DatabaseQueue(path: copy)) }
    try deliver(1, to: open)
    try DatabaseQueue(path: copy).backup(to: source)
    let error = #expect(throws: StoreError.self) { try deliver(2, to: open) }
    #expect(error?.kind == .replaced)
  }

  @Test("is written to as before when somebody adds tables of their own")
  func additions() throws {
    let open = try OpenStore(path)
    try deliver(0, to: open)
    try DatabaseQueue(path: path).write { db in
      try db.execute(sql: "CREATE TABLE notes (text); INSERT INTO notes VALUES ('mine')")
    }
    try deliver(1, to: open)
    try DatabaseQueue(path: path).vacuum()
    try deliver(2, to: open)
    #expect(throws: Never.self) { try open.store.confirm() }
    #expect(try StoreReader(path: path).outcomes().count == 3)
  }

  @Test("is not called complete when it is deleted, moved away or replaced", arguments: [0, 1, 2])
  func gone(way: Int) throws {
    let open = try OpenStore(path)
    try deliver(0, to: open)
    let copy = try bytes()
    if way == 0 {
      try FileManager.default.removeItem(atPath: path)
    } else {
      try FileManager.default.moveItem(atPath: path, toPath: folder.file("moved"))
      if way == 2 { try copy.write(to: URL(filePath: path)) }
    }
    let error = #expect(throws: StoreError.self) { try open.store.confirm() }
    #expect(error?.kind == .replaced)
    let writing = #expect(throws: StoreError.self) { try deliver(1, to: open) }
    #expect(writing?.kind == .replaced)
    #expect(writing?.isContentSafe == false)
  }
}
