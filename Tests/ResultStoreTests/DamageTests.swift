import Foundation
import Glibc
import ResultStore
import Sweep
import Testing

@Suite("A store in trouble")
struct DamageTests {
  @Test("with a flipped bit gives what was stored or is refused, and never traps a reader")
  func flippedBits() throws {
    let folder = try TemporaryFolder()
    var stored: [PointKey: Outcome] = [:]
    do {
      let open = try OpenStore(folder.file())
      for seed in 0..<8 {
        let point = try Fixture.point(UInt32(seed))
        let number = UInt64(seed)
        stored[Fixture.key(point)] =
          seed == 3 ? Fixture.diverged(point) : Fixture.completed(point)
        _ = try open.store.commit([
          open.grant(number, point), open.grant(number + 100, point),
          open.fail(number + 100, point, .trainerSignal(9)),
        ])
        guard seed != 7, let outcome = stored[Fixture.key(point)] else { continue }
        _ = try open.store.commit([open.deliver(number, outcome)])
      }
    }
    let whole = try #require(FileManager.default.contents(atPath: folder.file()))
    var random = SplitMix64(state: 20_251_123)
    var refused = 0
    for round in 0..<150 {
      var bytes = whole
      for _ in 0...(round % 3) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      }
      let path = folder.file("flipped-\(round)")
      try bytes.write(to: URL(fileURLWithPath: path))
      do {
        let reader = try StoreReader(path: path)
        for outcome in try reader.outcomes(history: .full) {
          #expect(stored[outcome.outcome.key]?.resultDigest == outcome.outcome.resultDigest)
        }
        _ = try reader.progress()
        _ = try reader.failures()
        _ = try reader.troubledPoints()
        let store = try ResultStore(path: path, identity: Fixture.identity)
        _ = try store.startEpoch()
        _ = try store.recover { _ in }
      } catch {
        refused += 1
        #expect(!"\(error)".contains("\n"))
      }
      try FileManager.default.removeItem(atPath: path)
    }
    #expect(refused > 5)
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

/// A generator with a fixed start (Steele, Lea & Flood 2014).
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
