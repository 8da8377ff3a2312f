import Foundation
import GRDB
import Glibc
import ResultStore
import Sweep
import TestSupport
import Testing

@Suite("A store in trouble")
struct DamageTests {
  @Test("with a flipped bit gives just what was stored or is refused, and never traps a reader")
  func flippedBits() throws {
    let store = try WrittenStore()
    var random = SeededGenerator(seed: 20_251_123)
    var refused = 0
    for round in 0..<800 {
      var bytes = store.bytes
      for _ in 0...(round % 3) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      }
      if try !store.survives(bytes) { refused += 1 }
    }
    // Most of the file of so small a store is unused space.
    #expect(refused > 50)
  }

  @Test("with any flipped bit among its rows is refused")
  func everyRow() throws {
    let store = try WrittenStore()
    // Texts that stand in no digest of an outcome: who ran it, why it failed, why a host is left out.
    for text in ["node-1", "a CPU", "too large", "fails there", "0.1.0"] {
      let places = store.bytes.ranges(of: Array(text.utf8)).map(\.lowerBound)
      #expect(!places.isEmpty, "\(text)")
      for place in places {
        var bytes = store.bytes
        bytes[place] ^= 1
        #expect(try !store.survives(bytes), "\(text) at byte \(place)")
      }
    }
  }

  @Test("with a flipped bit in a result is refused: it is told from every other")
  func flippedResult() throws {
    let store = try WrittenStore()
    // 0.1 + 0.2, as it stands in every epoch's row, and 105.75 in every outcome's.
    for value in [0.1 + 0.2, 105.75] {
      let pattern = (0..<8).map { UInt8(truncatingIfNeeded: value.bitPattern >> (56 - 8 * $0)) }
      let places = store.bytes.indices.dropLast(8).filter { place in
        store.bytes[place] == pattern[0] && Array(store.bytes[place..<(place + 8)]) == pattern
      }
      #expect(places.count > 5)
      for place in places {
        var bytes = store.bytes
        bytes[place + 7] ^= 1
        #expect(try !store.survives(bytes), "byte \(place)")
      }
    }
  }

  @Test("cut short gives what was stored or is refused")
  func cutShort() throws {
    let store = try WrittenStore()
    var refused = 0
    let lengths = stride(from: 0, to: store.bytes.count, by: 1021)
    for length in lengths where try !store.survives(store.bytes.prefix(length)) {
      refused += 1
    }
    // An empty file is a store that was never begun; a page less is not noticed by every reading.
    #expect(refused > Array(lengths).count * 9 / 10)
  }

  @Test(
    "that holds another point than its key says is not gone on with",
    arguments: ["learning_rate = 0.5", "noise_seed = 77, seed = NULL", "epochs = 9"])
  func anotherPoint(change: String) throws {
    let folder = try TemporaryFolder()
    do {
      let open = try OpenStore(folder.file())
      let point = try Fixture.point(3)
      _ = try open.store.commit([
        open.grant(1, point), open.deliver(1, Fixture.completed(point)),
      ])
    }
    try DatabaseQueue(path: folder.file()).write { db in
      try db.execute(sql: "UPDATE outcomes SET \(change)")
    }
    let error = #expect(throws: StoreError.self) {
      try ResultStore(path: folder.file(), identity: Fixture.identity).recover { _ in }
    }
    #expect(error?.kind == .damaged)
  }

  @Test("that is deleted under a running sweep is said to be gone")
  func deleted() throws {
    let folder = try TemporaryFolder()
    let open = try OpenStore(folder.file())
    try FileManager.default.removeItem(atPath: folder.file())
    let point = try Fixture.point(0)
    let error = #expect(throws: StoreError.self) { try open.store.commit([open.grant(1, point)]) }
    #expect(error?.description.contains("deleted or moved away") == true)
    #expect(error?.mayBeTriedAgain == false)
  }

  @Test("on a full disk stores nothing of a batch, and goes on when there is room again")
  func fullDisk() throws {
    let folder = try TemporaryFolder()
    guard mount("tmpfs", folder.path, "tmpfs", 0, "size=1m") == 0 else {
      let reason = "a file system of one mebibyte needs the right to mount one"
      guard ProcessInfo.processInfo.environment["VAESWEEP_REQUIRE"] == "all" else {
        try Test.cancel("\(reason)")
      }
      Issue.record("\(reason)")
      return
    }
    defer { umount2(folder.path, Int32(MNT_DETACH)) }
    let open = try OpenStore(folder.file())
    let room = folder.file("room")
    try Data(count: 400_000).write(to: URL(fileURLWithPath: room))
    var seed: UInt32 = 0
    var error: StoreError?
    while error == nil, seed < 10_000 {
      let point = try Fixture.point(seed)
      do {
        _ = try open.store.commit([
          open.grant(UInt64(seed), point),
          open.deliver(UInt64(seed), Fixture.completed(point, epochs: 50)),
        ])
        seed += 1
      } catch let thrown {
        error = thrown
      }
    }
    #expect(
      error?.description
        == "cannot write to the store \(folder.file()): the disk is full; make room, "
        + "and the sweep goes on")
    #expect(error?.mayBeTriedAgain == true)
    #expect(try open.store.recover { _ in }.finished == Int(seed))
    try FileManager.default.removeItem(atPath: room)
    let point = try Fixture.point(seed)
    let results = try open.store.commit([
      open.grant(UInt64(seed), point), open.deliver(UInt64(seed), Fixture.completed(point)),
    ])
    #expect(results == [.stored, .stored])
    #expect(try StoreReader(path: folder.file()).outcomes().count == Int(seed) + 1)
  }
}

/// A store's file, and what it was given.
private struct WrittenStore {
  private let folder: TemporaryFolder
  private var stored: [PointKey: Outcome] = [:]
  private let told: Told
  private let recovered: RecoveredState
  let bytes: [UInt8]

  init() throws {
    folder = try TemporaryFolder()
    let open = try OpenStore(folder.file())
    for seed in 0..<8 {
      let point = try Fixture.point(UInt32(seed))
      let number = UInt64(seed)
      _ = try open.store.commit([
        open.grant(number, point), open.grant(number + 100, point),
        open.fail(number + 100, point, .trainerSignal(9)),
      ])
      guard seed != 7 else { continue }
      let outcome = seed == 3 ? Fixture.diverged(point) : Fixture.completed(point)
      stored[Fixture.key(point)] = outcome
      _ = try open.store.commit([open.deliver(number, outcome)])
    }
    let point = try Fixture.point(7)
    _ = try open.store.commit([
      open.fail(7, point, .point("too large")), .release(open.attempt(100), at: 4),
      .drain(host: "node-9", reason: "all fails there", excused: [open.attempt(101)], at: 5),
      open.grant(200, point), .reopen([Fixture.key(point)], at: 6),
      open.grant(201, try Fixture.point(2)), open.deliver(201, try Fixture.other(2)),
    ])
    recovered = try open.store.recover { _ in }
    bytes = Array(try Data(contentsOf: URL(fileURLWithPath: folder.file())))
    told = try Told(by: StoreReader(path: folder.file()))
  }

  /// All that a store says.
  private struct Told: Equatable {
    let digests: [Digest]
    let receipts: [Receipt]
    let attempts: [AttemptID]
    let failures: [StoredFailure]
    let faults: [StoredFault]
    let troubled: [TroubledPoint]
    let drained: [DrainedHost]
    let sweeps: [StoredSweep]
    let progress: StoreProgress

    init(by reader: StoreReader) throws(StoreError) {
      // An outcome's digest is compared with its contents as it is read.
      let outcomes = try reader.outcomes(history: .full)
      digests = outcomes.map(\.resultDigest)
      receipts = outcomes.map(\.receipt)
      attempts = outcomes.map(\.attempt)
      failures = try reader.failures()
      faults = try reader.faults()
      troubled = try reader.troubledPoints()
      drained = try reader.drainedHosts()
      sweeps = try reader.sweeps()
      progress = try reader.progress()
    }
  }

  /// Reads a damaged copy in every way there is.
  ///
  /// - Returns: Whether it was accepted; everything in it was then what had been stored. Refused, it
  ///   was with one line.
  func survives(_ bytes: some Collection<UInt8>) throws -> Bool {
    let path = folder.file("damaged")
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    do throws(StoreError) {
      let reader = try StoreReader(path: path)
      for history in [HistoryDepth.lastFive, .full] {
        for read in try reader.outcomes(history: history) {
          let outcome = stored[read.outcome.key]
          #expect(outcome?.resultDigest == read.resultDigest)
          #expect(outcome?.point == read.outcome.point)
          #expect(
            outcome?.testTotalLast5 == read.outcome.testTotalLast5 || outcome?.status == .diverged)
        }
      }
      #expect(try Told(by: reader) == told)
      let store = try ResultStore(path: path, identity: Fixture.identity)
      #expect(try store.startEpoch().epoch == 2)
      var finished = 0
      let recovered = try store.recover { point in
        finished += 1
        #expect(stored[point.key]?.point == point.point)
        #expect(stored[point.key]?.status == point.status)
      }
      #expect(finished == stored.count)
      #expect(recovered == self.recovered)
      return true
    } catch {
      #expect(!error.description.contains("\n"))
      return false
    }
  }
}
