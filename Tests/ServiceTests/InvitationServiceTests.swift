import Coordinator
import Foundation
import Keyring
import Platform
import Sweep
import TestSupport
import Testing
import Wire
import Worker
import ZeroMQ

@Suite("A coordinator that workers come to with invitations", .serialized, .timeLimit(.minutes(5)))
struct InvitationServiceTests {
  private let fixture: ServiceFixture
  private let folder: KeyFolder
  private let server: CurveKeyPair
  private let keys: CoordinatorKeys
  private let lines = LoggedLines()

  init() throws {
    fixture = try ServiceFixture()
    folder = KeyFolder(explicit: fixture.folder["keys"], environment: [:])
    server = try folder.pairOrNew(of: .coordinator).pair
    let user = try folder.pairOrNew(of: .operator).pair.publicKey
    try folder.change { (keys) throws(KeyringError) in
      try keys.approve(user, role: .operator)
    }
    keys = CoordinatorKeys(
      own: server,
      admission: KeyAdmission(try LiveKeys(folder), logger: lines.logger) { "approve \($0) \($1)" })
  }

  private func invite(uses: Int = 2, for seconds: Int = 3600) throws -> Invitation {
    let now = Int(Date().timeIntervalSince1970)
    return try folder.invite(
      to: .anyLoopbackPort, uses: uses, expires: now + seconds, name: "cluster", at: now
    ).invitation
  }

  private func guest(_ endpoint: Endpoint, _ invitation: Invitation) throws -> RawPeer {
    try RawPeer(endpoint, invitation.pair, server: server.publicKey)
  }

  private func observer(_ endpoint: Endpoint) throws -> RawPeer {
    try RawPeer(endpoint, try folder.pair(of: .operator), server: server.publicKey)
  }

  private func join(_ key: CurvePublicKey, host: String = "host") throws -> [UInt8] {
    try Frame.encode(
      Envelope(ToCoordinator.join(Join(key: key.bytes, host: host)), session: SessionID(5)))
  }

  /// A worker's attempt to get in, on a thread of its own.
  private func joining(
    _ endpoint: Endpoint, _ invitation: Invitation, own: CurveKeyPair, session: UInt64 = 1,
    server: CurvePublicKey? = nil, wait: Duration = .seconds(60), stop: StopSignal? = nil
  ) throws -> Background<JoinService.Ending> {
    var keys = WorkerKeys(
      own: own, server: server ?? self.server.publicKey, approval: "approve")
    keys.origin = .invitation
    let options = JoinOptions(
      endpoint: endpoint, invitation: invitation.pair, keys: keys, session: SessionID(session),
      host: "host-\(session)", wait: wait)
    let stop = try stop ?? StopSignal()
    let logger = lines.logger
    return Background { try JoinService(options: options, stop: stop, logger: logger).run() }
  }

  private func line(_ ending: JoinService.Ending) -> String {
    if case .ended(let ending) = ending { ending.message ?? "" } else { "\(ending)" }
  }

  @Test("admits twenty workers that come at once by as many as may, and tells the others why not")
  func atOnce() throws {
    let invitation = try invite(uses: 12)
    let coordinator = try RunningCoordinator(fixture, keys: keys)
    let endpoint = try coordinator.endpoint()
    let pairs = try (0..<20).map { _ in try CurveKeyPair.generate() }
    let all = try pairs.enumerated().map { place, pair in
      try joining(endpoint, invitation, own: pair, session: UInt64(place + 1))
    }
    let endings = try all.map { try $0.value() }
    #expect(endings.count { $0 == .admitted } == 12)
    for ending in endings where ending != .admitted {
      #expect(line(ending).contains("the invitation cluster is used up"), "\(ending)")
    }
    let approved = try folder.approved()
    #expect(approved.entries.count { $0.role == .worker } == 12)
    #expect(approved.admissions == [invitation.hash: 12])
    for (pair, ending) in zip(pairs, endings) {
      #expect((approved.role(of: pair.publicKey) == .worker) == (ending == .admitted))
    }
    // What is in stays in, although the invitation is used up.
    let place = try #require(endings.firstIndex(of: .admitted))
    #expect(try joining(endpoint, invitation, own: pairs[place]).value() == .admitted)
    let refused = try observer(endpoint).refusals { $0["invitation", default: 0] >= 8 }
    #expect(refused["key"] == 0 && refused["guess"] == 0)
    for secret in [
      invitation.text, "\(invitation.pair.publicKey)", invitation.pair.secretKey.hexadecimal,
    ] {
      #expect(!lines.text.contains(secret))
    }
    #expect(try !coordinator.ending(stopping: true).isComplete)
  }

  @Test("costs one use for all workers that share a key, as in a home that hosts share")
  func sharedKey() throws {
    let invitation = try invite(uses: 1)
    let coordinator = try RunningCoordinator(fixture, keys: keys)
    let endpoint = try coordinator.endpoint()
    let own = try folder.pairOrNew(of: .worker).pair
    let all = try (1...8).map { try joining(endpoint, invitation, own: own, session: $0) }
    for one in all { #expect(try one.value() == .admitted) }
    #expect(try folder.approved().admissions == [invitation.hash: 1])
    #expect(try !coordinator.ending(stopping: true).isComplete)
  }

  @Test("hears of whoever has an invitation which key to approve, and nothing else")
  func nothingElse() throws {
    let invitation = try invite()
    let coordinator = try RunningCoordinator(fixture, keys: keys)
    let endpoint = try coordinator.endpoint()
    let peer = try guest(endpoint, invitation)
    try peer.send(.status)
    guard case .refusal(let first)? = try peer.receive() else {
      Issue.record("an invitation was told the status")
      return
    }
    #expect(first.reason.contains("--role operator"))
    try peer.send(.hello(ServiceFixture.hello()), session: 1)
    guard case .refusal(let second)? = try peer.receive() else {
      Issue.record("an invitation was taken for a worker")
      return
    }
    #expect(second.reason.contains("--role worker"))
    // Another version of the protocol is answered with this one's, as everybody is.
    try peer.send([[0, 3] + (try join(server.publicKey)).dropFirst(2)])
    guard case .refusal(let third)? = try peer.receive() else {
      Issue.record("another version was understood")
      return
    }
    #expect(third.reason.contains("speaks protocol version 3 and this one 2"))
    let own = try CurveKeyPair.generate()
    // Whoever has a key of its own lets nobody else in.
    let observer = try observer(endpoint)
    try observer.send([try join(own.publicKey)])
    #expect(try observer.refusals { $0["role"] == 3 }["version"] == 1)
    #expect(try folder.approved().entries.count == 1)
    // The answer may be lost, and the request come twice.
    for _ in 0..<3 {
      try peer.send([try join(own.publicKey)])
      #expect(try peer.receive() == .joinReply(.admitted))
    }
    // At once: its own key works by the time that it hears of it.
    let worker = try RawPeer(endpoint, own, server: server.publicKey)
    try worker.send(.hello(ServiceFixture.hello()), session: 9)
    #expect(try worker.socket.receive(within: .seconds(60)) != nil)
    #expect(lines.text.isEmpty, "\(lines.text)")
    #expect(try !coordinator.ending(stopping: true).isComplete)
  }

  @Test("tells a worker in one line why it is not let in")
  func reasons() throws {
    let (expired, revoked) = (try invite(for: 0), try invite())
    _ = try folder.revokeInvitations(.all, at: Int(Date().timeIntervalSince1970))
    let open = try invite()
    let coordinator = try RunningCoordinator(fixture, keys: keys)
    let endpoint = try coordinator.endpoint()
    let own = try CurveKeyPair.generate()
    for (invitation, words) in [
      (expired, "the invitation cluster has expired"),
      (revoked, "the invitation cluster was revoked"),
    ] {
      let ending = try joining(endpoint, invitation, own: own).value()
      #expect(line(ending).contains(words), "\(ending)")
      #expect(line(ending).contains("'vaesweep keys invite'"), "\(ending)")
    }
    // Its own key decides: approved it is in, revoked it is out, with whatever invitation.
    try folder.change { (keys) throws(KeyringError) in
      try keys.approve(own.publicKey, role: .worker)
    }
    #expect(try joining(endpoint, expired, own: own).value() == .admitted)
    try folder.change { (keys) throws(KeyringError) in try keys.revoke(own.publicKey) }
    let ending = try joining(endpoint, open, own: own).value()
    #expect(
      line(ending).contains("key was revoked") && line(ending).contains("approve \(own.publicKey)"),
      "\(ending)")
    #expect(try !coordinator.ending(stopping: true).isComplete)
  }

  @Test("that does not know an invitation any more lets in the worker's own key, if it is approved")
  func forgotten() throws {
    let invitation = try invite()
    try fixture.folder.write([], to: "keys/invitations")
    let own = try CurveKeyPair.generate()
    let coordinator = try RunningCoordinator(fixture, keys: keys)
    let endpoint = try coordinator.endpoint()
    let stranger = try joining(endpoint, invitation, own: own, wait: .seconds(2)).value()
    #expect(line(stranger).contains("does not know this invitation"), "\(stranger)")
    #expect(line(stranger).contains("nor this worker's own key"), "\(stranger)")
    try folder.change { (keys) throws(KeyringError) in
      try keys.approve(own.publicKey, role: .worker)
    }
    #expect(try joining(endpoint, invitation, own: own).value() == .admitted)
    #expect(try !coordinator.ending(stopping: true).isComplete)
  }

  @Test("with another key, or none, is told from one that is not there")
  func wrongCoordinator() throws {
    let invitation = try invite()
    let own = try CurveKeyPair.generate()
    let coordinator = try RunningCoordinator(fixture, keys: keys)
    let other = try joining(
      try coordinator.endpoint(), invitation, own: own,
      server: CurveKeyPair.generate().publicKey, wait: .seconds(3)
    ).value()
    #expect(line(other).contains("does not hold the key that the invitation names"), "\(other)")
    #expect(try !coordinator.ending(stopping: true).isComplete)
    let open = try RunningCoordinator(try ServiceFixture())
    let none = try joining(
      try open.endpoint(), invitation, own: own, wait: .seconds(3)
    ).value()
    // Which of the two libzmq notices is a matter of who closes first.
    #expect(
      line(none).contains("one without keys") || line(none).contains("wants no keys"), "\(none)")
    #expect(try !open.ending(stopping: true).isComplete)
  }

  @Test("is waited for, and a worker that is told to go meanwhile goes")
  func stopped() throws {
    let stop = try StopSignal()
    let waiting = try joining(
      try Endpoint(parsing: "tcp://127.0.0.1:1"), try invite(), own: try CurveKeyPair.generate(),
      stop: stop)
    stop.request()
    #expect(try waiting.value() == .ended(AgentEnding(status: 0, message: nil)))
  }
}
