import Coordinator
import Foundation
import Platform
import ResultStore
import Sweep
import Synchronization
import TestSupport
import Testing
import Wire
import Worker
import ZeroMQ

@Suite("Coordinator and worker services", .serialized)
struct ServiceTests {
  @Test("finish a sweep between them, each on its own thread")
  func sweep() throws {
    let fixture = try ServiceFixture()
    let fingerprint = try ServiceFixture.fingerprint()
    let endpoint = Mutex<Endpoint?>(nil)
    let listening = DispatchSemaphore(value: 0)
    let coordinator = Background {
      let service = try fixture.coordinator(try StopSignal(), fingerprint: fingerprint)
      endpoint.withLock { $0 = service.endpoint }
      listening.signal()
      return try service.run(stopWorkers: nil, watch: { _ in })
    }
    listening.wait()
    let address = try #require(endpoint.withLock { $0 })
    let workers = (1...2).map { number in
      Background { try fixture.worker(address, UInt64(number), try StopSignal()).run() }
    }
    let ending = try coordinator.value()
    #expect(ending.isComplete)
    #expect(ending.failures == 0)
    for worker in workers { #expect(try worker.value().status == 0) }
    let outcomes = try StoreReader(path: fixture.folder["s.sqlite"]).outcomes()
    #expect(outcomes.count == 3)
  }

  @Test("refuse another protocol version, and survive whatever else is sent")
  func hostile() throws {
    let fixture = try ServiceFixture()
    let stop = try StopSignal()
    let endpoint = Mutex<Endpoint?>(nil)
    let listening = DispatchSemaphore(value: 0)
    let coordinator = Background {
      let service = try fixture.coordinator(stop, fingerprint: "f")
      endpoint.withLock { $0 = service.endpoint }
      listening.signal()
      return try service.run(stopWorkers: nil, watch: { _ in })
    }
    listening.wait()
    let context = try Context()
    let peer = try Socket(.dealer, in: context)
    try peer.connect(try #require(endpoint.withLock { $0 }))
    for frames in [[[]], [[1]], [[0, 2, 255, 255]], [[UInt8](repeating: 7, count: 100_000)]] {
      _ = try peer.send(frames)
    }
    _ = try peer.send([[UInt8]](repeating: [0, 2], count: 2000))
    _ = try peer.send([[0, 99, 1, 2, 3]])
    // 0x0707 and 99 are versions it does not speak.
    for _ in 0..<2 {
      let answer = try #require(try peer.receive(within: .seconds(30))?.frames.first)
      guard
        case .refusal(let refusal)? = try Frame.decode(answer, as: ToOperator.self).first?.message
      else {
        Issue.record("no refusal")
        continue
      }
      #expect(refusal.reason.contains("version"))
    }
    _ = try peer.send([try Frame.encode(ToCoordinator.operator(.status))])
    let answer = try #require(try peer.receive(within: .seconds(30))?.frames.first)
    guard case .status(let status)? = try Frame.decode(answer, as: ToOperator.self).first?.message
    else {
      Issue.record("no status")
      return
    }
    #expect(status.points == 3)
    stop.request()
    #expect(try !coordinator.value().isComplete)
  }
}
