import Coordinator
import Foundation
import Glibc
import Keyring
import Platform
import Sweep
import Synchronization
import TestSupport
import Testing
import VAE
import Wire
import Worker
import ZeroMQ

@Suite("A coordinator among hostile peers", .serialized, .timeLimit(.minutes(5)))
struct HostilePeerTests {
  /// Messages that must all be refused, by the reason that each is counted under.
  private static func bad() throws -> [(reason: String, frames: [[UInt8]])] {
    [
      ("malformed", [[]]), ("malformed", [[1]]), ("malformed", [[0, 2, 255, 255]]),
      ("malformed", [[0, 2, 10, 1, 255]]), ("type", [[0, 2]]), ("version", [[0, 99, 1, 2, 3]]),
      ("version", [[UInt8](repeating: 7, count: 2000)]), ("frames", [[0, 2], [0, 2]]),
      ("frames", [[], []]), ("type", [try Frame.encode(ToWorker.refusal(Refusal(reason: "you")))]),
      (
        "type",
        [try Frame.encode(FromTrainer.ready(TrainerReady(fingerprint: "f", blasCore: "c")))]
      ),
      // A hello without a version, a host or slots.
      ("value", [[0, 2, 0x0a, 2, 0x52, 0]]),
      // Of a worker that never said hello.
      (
        "order",
        [
          try Frame.encode(
            Envelope(
              ToCoordinator.worker(.heartbeat(Heartbeat(held: [], credit: 1))),
              session: SessionID(77)))
        ]
      ),
    ]
  }

  private static func residentBytes() throws -> Int {
    let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
    let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    return try #require(pages) * Int(sysconf(Int32(_SC_PAGESIZE)))
  }

  @Test("refuses a hundred thousand bad messages, counts each by its reason, and grows by nothing")
  func flood() throws {
    let fixture = try ServiceFixture()
    let coordinator = try RunningCoordinator(fixture)
    let endpoint = try coordinator.endpoint()
    let observer = try RawPeer(endpoint)
    #expect(try observer.status()?.refused.allSatisfy { $0.count == 0 } == true)
    let bad = try Self.bad()
    let peer = try RawPeer(endpoint)
    func send(_ number: Int) throws {
      for index in 0..<number {
        try peer.send(bad[index % bad.count].frames)
        // Answers to foreign versions are read, so that they do not pile up here.
        while try peer.socket.receive() != nil {}
      }
    }
    // What is allocated once is allocated by then. The first heartbeat of a session that nobody knows may
    // be that of a worker whose coordinator was started anew: it is not counted.
    try send(10_000)
    _ = try observer.refusals { $0.values.reduce(0, +) == 9_999 }
    // A round in which another test of this process allocates says nothing; a leak grows in every round.
    var growths: [Int] = []
    var refused: [String: Int] = [:]
    for round in 1...5 {
      let before = try Self.residentBytes()
      try send(20_000)
      refused = try observer.refusals { $0.values.reduce(0, +) == 9_999 + round * 20_000 }
      growths.append(try Self.residentBytes() - before)
    }
    #expect(try #require(growths.min()) < 8 << 20, "\(growths)")
    for reason in Set(bad.map(\.reason)) { #expect(refused[reason, default: 0] > 0) }
    let counted = ["malformed", "version", "frames", "type", "value", "order", "rate"]
    #expect(counted.reduce(0) { $0 + refused[$1, default: 0] } == 109_999)
    #expect(try !coordinator.ending(stopping: true).isComplete)
  }

  @Test("throws away messages of 20,001 frames, and made-up sessions beyond a few")
  func manyFrames() throws {
    let fixture = try ServiceFixture()
    let coordinator = try RunningCoordinator(fixture)
    let peer = try RawPeer(try coordinator.endpoint())
    for _ in 0..<3 { try peer.send([[UInt8]](repeating: [0, 2, 0x42, 0], count: 20_001)) }
    for session in 1...100 as ClosedRange<UInt64> {
      try peer.send(.hello(ServiceFixture.hello()), session: session)
    }
    let refused = try peer.refusals { $0["frames"] == 3 && $0["session"] ?? 0 > 0 }
    #expect(refused["frames"] == 3)
    #expect(try !coordinator.ending(stopping: true).isComplete)
  }

  @Test("counts a frame that is too large, ends the connection of a larger one, and of no ZeroMQ")
  func sizes() throws {
    let fixture = try ServiceFixture()
    let coordinator = try RunningCoordinator(fixture)
    let endpoint = try coordinator.endpoint()
    let observer = try RawPeer(endpoint)
    let peer = try RawPeer(endpoint)
    try peer.send([[UInt8](repeating: 0, count: Frame.largest + 1)])
    try peer.send([[UInt8](repeating: 0, count: Frame.largest + 2)])
    let noise = try BareConnections(endpoint, count: 3)
    noise.say("GET / HTTP/1.1\r\nHost: coordinator\r\n\r\n")
    let refused = try observer.refusals {
      $0["size"] == 1 && $0["handshake", default: 0] >= 3
    }
    #expect(refused["size"] == 1)
    // Whoever was cut off may come back, and is heard.
    #expect(try peer.status() != nil)
    withExtendedLifetime(noise) {}
    #expect(try !coordinator.ending(stopping: true).isComplete)
  }

  @Test("finishes its sweep while some flood it, some say nothing and some never read")
  func servesOthers() throws {
    let fixture = try ServiceFixture()
    let fingerprint = try ServiceFixture.fingerprint()
    let coordinator = try RunningCoordinator(fixture, fingerprint: fingerprint)
    let endpoint = try coordinator.endpoint()
    let silent = try BareConnections(endpoint, count: 200)
    let isOver = Atomic<Bool>(false)
    let bad = try Self.bad()
    try withThrowingBackground(
      [
        {
          let peer = try RawPeer(endpoint)
          var index = 0
          while !isOver.load(ordering: .relaxed) {
            index += 1
            _ = try peer.socket.send(bad[index % bad.count].frames)
            while try peer.socket.receive() != nil {}
          }
        },
        {
          // Asks for a long answer again and again, and reads none.
          let peer = try RawPeer(endpoint)
          let request = try Frame.encode(ToCoordinator.operator(.status))
          while !isOver.load(ordering: .relaxed) { _ = try peer.socket.send([request]) }
        },
      ]
    ) {
      defer { isOver.store(true, ordering: .relaxed) }
      let stop = try StopSignal()
      let ending = try fixture.worker(endpoint, 1, stop).run()
      #expect(ending.status == 0, "\(ending.message ?? "")")
      #expect(try coordinator.ending().isComplete)
    }
    withExtendedLifetime(silent) {}
  }

  /// Runs `body` while each of `others` runs on a thread of its own, and waits for all of them.
  private func withThrowingBackground(
    _ others: [@Sendable () throws -> Void], _ body: () throws -> Void
  ) throws {
    let group = DispatchGroup()
    let failures = Mutex<[any Error]>([])
    for other in others {
      group.enter()
      Thread.detachNewThread {
        do { try other() } catch { failures.withLock { $0.append(error) } }
        group.leave()
      }
    }
    defer { group.wait() }
    try body()
    #expect(failures.withLock { $0.isEmpty })
  }
}

/// TCP connections that say nothing of their own accord; closed with their owner.
private final class BareConnections {
  private var descriptors: [Int32] = []

  init(_ endpoint: Endpoint, count: Int) throws {
    for _ in 0..<count {
      descriptors.append(try Self.connect(endpoint))
    }
  }

  private static func connect(_ endpoint: Endpoint) throws -> Int32 {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = try #require(endpoint.port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    #expect(result == 0)
    return descriptor
  }

  func say(_ text: String) {
    for descriptor in descriptors {
      #expect(write(descriptor, text, text.utf8.count) == text.utf8.count)
    }
  }

  deinit { for descriptor in descriptors { close(descriptor) } }
}
