import Foundation
import Sweep
import Synchronization
import TestSupport
import Testing
import VAE
import Wire
import Worker

@Suite("What a worker keeps on its disk")
struct StateTests {
  private final class Lines: Sendable {
    private let lines = Mutex<[String]>([])
    var all: [String] { lines.withLock { $0 } }
    func add(_ line: String) { lines.withLock { $0.append(line) } }
  }

  private func failure(_ counter: UInt64) -> AttemptReport {
    .failure(
      FailureReport(
        attempt: AttemptID(epoch: 1, counter: counter, start: 5),
        key: PointKey(Digest(of: "point \(counter)")), reason: .trainerSignal(9)))
  }

  private func keep(_ outbox: Outbox, _ counters: ClosedRange<UInt64>) {
    for counter in counters {
      outbox.change(.keep(failure(counter)))
    }
  }

  /// Opens an outbox, does something with it, and closes it.
  private func withOutbox<Value>(
    _ base: String, session: UInt64, store: UInt64 = 7, lines: Lines = Lines(),
    _ body: (Outbox) throws -> Value
  ) throws -> Value {
    let state = try StateFolder(base, session: SessionID(session))
    let outbox = try Outbox(state, store: store) { lines.add($0) }
    return try body(outbox)
  }

  @Test("is there for the next worker, less what was acknowledged, store by store")
  func nextWorker() throws {
    let folder = try TemporaryFolder()
    try withOutbox(folder["state"], session: 1) { outbox in
      #expect(outbox.leftOver.isEmpty)
      keep(outbox, 1...5)
    }
    try withOutbox(folder["state"], session: 2) { outbox in
      #expect(outbox.leftOver == (1...5).map { failure($0) })
      for counter: UInt64 in [1, 3] {
        outbox.change(.forget(failure(counter).attempt))
      }
    }
    try withOutbox(folder["state"], session: 3, store: 8) { #expect($0.leftOver.isEmpty) }
    try withOutbox(folder["state"], session: 4) { outbox in
      #expect(outbox.leftOver == [2, 4, 5].map { failure($0) })
      for counter: UInt64 in [2, 4, 5] {
        outbox.change(.forget(failure(counter).attempt))
      }
    }
    try withOutbox(folder["state"], session: 5) { #expect($0.leftOver.isEmpty) }
  }

  @Test("belongs to one living worker; what dead ones left goes to the next, with their names")
  func locks() throws {
    let folder = try TemporaryFolder()
    let base = folder["state"]
    var first: StateFolder? = try StateFolder(base, session: SessionID(1))
    let second = try StateFolder(base, session: SessionID(2))
    #expect(second.predecessors.isEmpty)
    do {
      let outbox = try Outbox(try #require(first), store: 7) { _ in }
      keep(outbox, 1...2)
    }
    do {
      let outbox = try Outbox(second, store: 7) { _ in }
      #expect(outbox.leftOver.isEmpty)
      keep(outbox, 3...3)
    }
    first = nil
    let third = try StateFolder(base, session: SessionID(3))
    #expect(third.predecessors == [SessionID(1)])
    #expect(try Outbox(third, store: 7) { _ in }.leftOver == [failure(1), failure(2)])
    withExtendedLifetime(second) {}
  }

  @Test("is taken over from several dead workers at once")
  func several() throws {
    let folder = try TemporaryFolder()
    let base = folder["state"]
    do {
      let states = try (1...3).map { try StateFolder(base, session: SessionID($0)) }
      for (number, state) in states.enumerated() {
        let outbox = try Outbox(state, store: 7) { _ in }
        keep(outbox, UInt64(number + 1)...UInt64(number + 1))
      }
    }
    for session: UInt64 in [8, 9] {
      let state = try StateFolder(base, session: SessionID(session))
      #expect(state.predecessors.count == 3)
      #expect(try Outbox(state, store: 7) { _ in }.leftOver == (1...3).map { failure($0) })
    }
  }

  @Test(
    "is read as far as it is sound, and put aside with a line where it is not",
    arguments: ["truncated", "flipped", "foreign"])
  func damaged(how: String) throws {
    let folder = try TemporaryFolder()
    try withOutbox(folder["state"], session: 1) { keep($0, 1...3) }
    let name = "state/worker-0/7/outbox"
    var bytes = [UInt8](try Data(contentsOf: URL(filePath: folder[name])))
    switch how {
    case "truncated": bytes.removeLast(10)
    case "flipped": bytes[bytes.count / 2] ^= 4
    default: bytes = Array("something else".utf8)
    }
    try folder.write(bytes, to: name)
    let lines = Lines()
    try withOutbox(folder["state"], session: 2, lines: lines) { outbox in
      #expect(outbox.leftOver.count == (how == "foreign" ? 0 : 2))
    }
    #expect(lines.all.count { $0.contains("damaged in 1 place") } == 1)
    let aside = try #require(folder.names(in: "state/worker-0/7").first { $0.contains("damaged") })
    #expect(
      [UInt8](try Data(contentsOf: URL(filePath: folder["state/worker-0/7/\(aside)"]))) == bytes)
    // The sound part is sound again.
    try withOutbox(folder["state"], session: 3, lines: lines) { _ in }
    #expect(lines.all.count { $0.contains("damaged") } == 1)
  }

  @Test("is read whatever its bytes: 20,000 mutated logs, none of which invents a result")
  func noise() throws {
    var log = OutboxLog.header
    for counter: UInt64 in 1...4 { log += try OutboxLog.record(keeping: failure(counter)) }
    log += OutboxLog.record(settling: failure(2).attempt)
    #expect(OutboxLog.read(log).reports.count == 3)
    #expect(OutboxLog.read(log).damaged == 0)
    var state: UInt64 = 20_261_125
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(bound))
    }
    for _ in 0..<20_000 {
      var bytes = log
      switch random(3) {
      case 0: bytes.removeLast(random(bytes.count))
      case 1: bytes[random(bytes.count)] ^= UInt8(1 << random(8))
      default: bytes.insert(UInt8(random(256)), at: random(bytes.count))
      }
      let content = OutboxLog.read(bytes)
      for (attempt, message) in content.reports {
        #expect(message == failure(attempt.counter))
      }
    }
  }
}
