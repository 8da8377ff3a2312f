import Foundation
import GRDB
import ResultStore
import Sweep
import Synchronization
import TestSupport
import Testing

@Suite("A batch")
struct TransactionTests {
  @Test("that cannot be stored whole leaves nothing")
  func allOrNothing() throws {
    let folder = try TemporaryFolder()
    let open = try OpenStore(folder.file())
    let point = try Fixture.point(0, "784-128-2")
    let error = #expect(throws: StoreError.self) {
      // The same attempt granted twice is a mistake of the caller's.
      try open.store.commit([
        open.grant(1, point), open.deliver(1, Fixture.completed(point)), open.grant(1, point),
      ])
    }
    #expect(error?.kind == .refused)
    #expect(try open.store.recover { _ in } == RecoveredState())
    // And what was remembered of it is forgotten: its configuration is written anew.
    #expect(try open.store.commit([open.grant(1, point)]) == [.stored])
    #expect(try open.store.recover { _ in }.open.map(\.point) == [point])
  }

  @Test("cut off by a crash leaves nothing, and a reader sees to it by itself")
  func hotJournal() throws {
    let folder = try TemporaryFolder()
    let point = try Fixture.point()
    do {
      let open = try OpenStore(folder.file())
      _ = try open.store.commit([open.grant(1, point), open.deliver(1, Fixture.completed(point))])
    }
    // The state a killed writer leaves: pages written over, the journal beside them.
    let queue = try DatabaseQueue(path: folder.file())
    try queue.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA cache_size = 1; BEGIN IMMEDIATE")
      try db.execute(sql: "UPDATE outcomes SET host = 'nobody', test_total = 0")
      for number in 0..<500 {
        try db.execute(
          sql: "INSERT INTO reopenings (key, failure_id, at) VALUES (?, 0, 0)",
          arguments: [String(repeating: "x", count: 500) + "\(number)"])
      }
      let manager = FileManager.default
      try manager.copyItem(atPath: folder.file(), toPath: folder.file("crashed"))
      try manager.copyItem(
        atPath: folder.file() + "-journal", toPath: folder.file("crashed-journal"))
      try db.execute(sql: "ROLLBACK")
    }
    for name in ["reader", "writer"] {
      for suffix in ["", "-journal"] {
        try FileManager.default.copyItem(
          atPath: folder.file("crashed") + suffix, toPath: folder.file(name) + suffix)
      }
    }
    let reader = try StoreReader(path: folder.file("reader"))
    #expect(
      try reader.outcomes(history: .full).map(\.outcome) == [Fixture.completed(point)])
    #expect(try reader.outcomes().first?.receipt.host == "node-1")
    #expect(!FileManager.default.fileExists(atPath: folder.file("reader-journal")))
    let store = try ResultStore(path: folder.file("writer"), identity: Fixture.identity)
    #expect(try store.recover { _ in }.finished == 1)
  }

  @Test("is stored while others read, and they see it as soon as it is")
  func readers() throws {
    let folder = try TemporaryFolder()
    let open = try OpenStore(folder.file())
    let reader = try StoreReader(path: folder.file())
    let counts = Mutex<[Int]>([])
    let stop = Mutex(false)
    let done = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      while !stop.withLock({ $0 }) {
        let count = try? reader.outcomes(history: .full).count
        counts.withLock { $0.append(count ?? -1) }
      }
      done.signal()
    }
    for seed in 0..<40 {
      let point = try Fixture.point(UInt32(seed))
      let outcome = Fixture.completed(point)
      let results = try open.store.commit([
        open.grant(UInt64(seed), point), open.deliver(UInt64(seed), outcome),
      ])
      #expect(results == [.stored, .stored])
    }
    stop.withLock { $0 = true }
    done.wait()
    let seen = counts.withLock { $0 }
    #expect(!seen.contains(-1))
    #expect(seen == seen.sorted())
    #expect(try reader.outcomes().count == 40)
  }

  @Test("of no operations touches nothing")
  func empty() throws {
    let folder = try TemporaryFolder()
    let open = try OpenStore(folder.file())
    #expect(try open.store.commit([]) == [])
  }
}
