import Coordinator
import Foundation
import Keyring
import Logging
import Platform
import Sweep
import Synchronization
import TestSupport
import Testing
import VAE
import Wire
import Worker
import ZeroMQ

@Suite("A coordinator with keys", .serialized, .timeLimit(.minutes(5)))
struct KeyedServiceTests {
  private let fixture: ServiceFixture
  private let folder: KeyFolder
  private let server: CurveKeyPair
  private let keys: CoordinatorKeys
  private let lines = LoggedLines()

  init() throws {
    fixture = try ServiceFixture()
    folder = KeyFolder(explicit: fixture.folder["keys"], environment: [:])
    server = try CurveKeyPair.generate()
    _ = try folder.pairOrNew(of: .operator)
    let admission = KeyAdmission(try LiveKeys(folder), logger: lines.logger) {
      "approve \($0) \($1)"
    }
    keys = CoordinatorKeys(own: server, admission: admission)
  }

  private func approve(_ pair: CurveKeyPair, _ role: KeyRole) throws {
    try folder.change { (keys) throws(KeyringError) in
      try keys.approve(pair.publicKey, role: role)
    }
  }

  @Test("serves each role what is its own, and refuses the rest with a line")
  func roles() throws {
    let (worker, user) = (try CurveKeyPair.generate(), try CurveKeyPair.generate())
    try approve(worker, .worker)
    try approve(user, .operator)
    let coordinator = try RunningCoordinator(fixture, keys: keys)
    let endpoint = try coordinator.endpoint()
    let asking = try RawPeer(endpoint, user, server: server.publicKey)
    #expect(try asking.status()?.points == 3)
    let working = try RawPeer(endpoint, worker, server: server.publicKey)
    try working.send(.status)
    guard case .refusal(let first)? = try working.receive() else {
      Issue.record("a worker's key was told the status")
      return
    }
    #expect(first.reason.contains("--role operator"))
    try asking.send(.hello(ServiceFixture.hello()), session: 1)
    guard case .refusal(let second)? = try asking.receive() else {
      Issue.record("an operator's key was taken for a worker")
      return
    }
    #expect(second.reason.contains("--role worker"))
    #expect(try asking.refusals { $0["role"] == 2 }["role"] == 2)
    #expect(try !coordinator.ending(stopping: true).isComplete)
  }

  @Test("refuses a session that another key introduced")
  func session() throws {
    let pairs = [try CurveKeyPair.generate(), try CurveKeyPair.generate()]
    for pair in pairs { try approve(pair, .worker) }
    let user = try #require(try folder.pair(of: .operator))
    try approve(user, .operator)
    let coordinator = try RunningCoordinator(fixture, keys: keys)
    let endpoint = try coordinator.endpoint()
    let peers = try pairs.map { try RawPeer(endpoint, $0, server: server.publicKey) }
    let watching = try RawPeer(endpoint, user, server: server.publicKey)
    // The second is connected before the first speaks: a session that stays silent is forgotten after
    // its lease, which a handshake on a busy machine may outlast.
    try peers[1].send(.hello(ServiceFixture.hello()), session: 6)
    #expect(try peers[1].socket.receive(within: .seconds(60)) != nil)
    try peers[0].send(.hello(ServiceFixture.hello()), session: 5)
    // The answer to it shows that the session is known.
    #expect(try peers[0].socket.receive(within: .seconds(60)) != nil)
    try peers[1].send(.hello(ServiceFixture.hello()), session: 5)
    try peers[1].send(.goodbye, session: 5)
    #expect(try watching.refusals { $0["session"] == 2 }["session"] == 2)
    #expect(try !coordinator.ending(stopping: true).isComplete)
  }

  @Test("after a restart refuses a session that holds an attempt to every key but its own")
  func restartedSession() throws {
    let pairs = [try CurveKeyPair.generate(), try CurveKeyPair.generate()]
    for pair in pairs { try approve(pair, .worker) }
    let user = try #require(try folder.pair(of: .operator))
    try approve(user, .operator)
    let first = try RunningCoordinator(fixture, keys: keys)
    let worker = try RawPeer(try first.endpoint(), pairs[0], server: server.publicKey)
    try worker.send(.hello(ServiceFixture.hello()), session: 5)
    try worker.send(.ready(Ready(fingerprint: "f")), session: 5)
    try worker.send(.heartbeat(Heartbeat(held: [], credit: 1)), session: 5)
    var isGranted = false
    while !isGranted, let message = try worker.receive() {
      if case .grant = message { isGranted = true }
    }
    #expect(isGranted)
    #expect(try !first.ending(stopping: true).isComplete)
    let second = try RunningCoordinator(fixture, keys: keys)
    let endpoint = try second.endpoint()
    let peers = try pairs.map { try RawPeer(endpoint, $0, server: server.publicKey) }
    let watching = try RawPeer(endpoint, user, server: server.publicKey)
    try peers[1].send(.hello(ServiceFixture.hello()), session: 5)
    #expect(try watching.refusals { $0["session"] == 1 }["session"] == 1)
    // Its own key is answered with the terms.
    try peers[0].send(.hello(ServiceFixture.hello()), session: 5)
    #expect(try peers[0].socket.receive(within: .seconds(60)) != nil)
    #expect(try !second.ending(stopping: true).isComplete)
  }

  @Test("lets a key in once it is approved, and out once it is revoked, while it runs")
  func approveAndRevoke() throws {
    let pair = try CurveKeyPair.generate()
    let coordinator = try RunningCoordinator(fixture, keys: keys)
    let endpoint = try coordinator.endpoint()
    let context = try Context()
    let early = try Socket(.dealer, in: context)
    try early.useCurve(pair, server: server.publicKey)
    let monitor = try ConnectionMonitor(of: early, in: context)
    try early.connect(endpoint)
    var poller = Poller<Bool>()
    poller.watch(monitor, as: true)
    var event: ConnectionEvent?
    while event != .handshakeFailed(.keyRefused), try !poller.wait(.seconds(60)).isEmpty {
      event = try monitor.next()
    }
    #expect(event == .handshakeFailed(.keyRefused))
    #expect(
      lines.text
        == "unknown key \(pair.publicKey) knocks from 127.0.0.1; to let it in: approve "
        + "\(pair.publicKey) 127.0.0.1")
    try approve(pair, .operator)
    let peer = try RawPeer(endpoint, pair, server: server.publicKey)
    #expect(try peer.status()?.points == 3)
    try folder.change { (keys) throws(KeyringError) in try keys.revoke(pair.publicKey) }
    // The same connection; the list is looked at about twice a second.
    var refusal: Refusal?
    let deadline = ContinuousClock.now + .seconds(60)
    while refusal == nil, ContinuousClock.now < deadline {
      try peer.send(.status)
      if case .refusal(let found)? = try peer.answer() { refusal = found }
    }
    #expect(refusal?.reason == "this key is not approved any more")
    #expect(try !coordinator.ending(stopping: true).isComplete)
  }

  @Test("finishes a sweep with a worker whose key is approved while it waits")
  func lateApproval() throws {
    let fingerprint = try ServiceFixture.fingerprint()
    let pair = try CurveKeyPair.generate()
    let coordinator = try RunningCoordinator(fixture, fingerprint: fingerprint, keys: keys)
    let endpoint = try coordinator.endpoint()
    let (fixture, server, lines) = (fixture, server, lines)
    let done = DispatchSemaphore(value: 0)
    let status = Mutex<Int32?>(nil)
    Thread.detachNewThread {
      let worker = WorkerKeys(own: pair, server: server.publicKey, approval: "approve")
      let ending = try? fixture.worker(endpoint, 1, StopSignal(), keys: worker).run()
      status.withLock { $0 = ending?.status }
      done.signal()
    }
    let deadline = ContinuousClock.now + .seconds(60)
    while !lines.text.contains("knocks"), ContinuousClock.now < deadline {
      // Between looks at a log that another thread writes; nothing is timed by it.
      Thread.sleep(forTimeInterval: 0.01)
    }
    try approve(pair, .worker)
    #expect(try coordinator.ending().isComplete)
    #expect(done.wait(timeout: .now() + 60) == .success)
    #expect(status.withLock { $0 } == 0)
  }
}
