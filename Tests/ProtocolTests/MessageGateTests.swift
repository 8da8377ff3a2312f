import Coordinator
import Keyring
import Sweep
import Testing
import VAE
import Wire
import ZeroMQ

@Suite("The gate before the scheduler")
struct MessageGateTests {
  /// A scheduler as the gate sees it.
  struct Roster: MessageGate.Roster {
    var known: Set<SessionID> = []
    var holders: [AttemptID: SessionID] = [:]
    var knownWorkers: Int { known.count }

    func isKnown(_ session: SessionID) -> Bool { known.contains(session) }
    func holder(of attempt: AttemptID) -> SessionID? { holders[attempt] }
  }

  private static let peer = PeerID([1])
  private static let session = SessionID(7)
  private static let attempt = AttemptID(epoch: 1, counter: 1)

  private func key(_ byte: UInt8) throws -> CurvePublicKey {
    try #require(CurvePublicKey([UInt8](repeating: byte, count: 32)))
  }

  private func user(_ byte: UInt8) throws -> UserID { UserID(try key(byte).description) }

  /// 1 and 2 are workers, 3 is an operator, 4 was revoked.
  private func keys() throws -> ApprovedKeys {
    var keys = ApprovedKeys()
    try keys.approve(key(1), role: .worker)
    try keys.approve(key(2), role: .worker)
    try keys.approve(key(3), role: .operator)
    try keys.approve(key(4), role: .worker)
    try keys.revoke(key(4))
    return keys
  }

  private static func messages() throws -> [Envelope<ToCoordinator>] {
    let point = try #require(try Sample.grid(points: 1).point(at: 0))
    let outcome = Sample.outcome(of: point)
    let messages: [WorkerMessage] = [
      .hello(Sample.hello(7)), .ready(Ready(fingerprint: "f")),
      .heartbeat(Heartbeat(held: [], credit: 1)),
      .delivery(Delivery(attempt: attempt, outcome: outcome, receipt: Sample.receipt)),
      .failure(FailureReport(attempt: attempt, key: outcome.key, reason: .point("r"))),
      .blobRequest(BlobRequest(digest: Sample.dataset, offset: 0, length: 1)), .goodbye,
      .handback(Handback(attempts: [attempt])),
    ]
    return messages.map { Envelope(.worker($0), session: session) }
  }

  private static func hello(_ session: UInt64) -> Envelope<ToCoordinator> {
    Envelope(.worker(.hello(Sample.hello(session))), session: SessionID(session))
  }

  @Test("lets a worker's key say what workers say, and an operator's ask for the status")
  func roles() throws {
    var gate = MessageGate(keys: try keys())
    let status = Envelope(ToCoordinator.operator(.status))
    for message in try Self.messages() {
      #expect(try gate.refusal(of: message, from: user(1), at: Self.peer, Roster()) == nil)
      #expect(try gate.refusal(of: message, from: user(3), at: Self.peer, Roster()) == .role)
      #expect(try gate.refusal(of: message, from: user(4), at: Self.peer, Roster()) == .key)
      #expect(try gate.refusal(of: message, from: user(9), at: Self.peer, Roster()) == .key)
      #expect(gate.refusal(of: message, from: nil, at: Self.peer, Roster()) == .key)
    }
    #expect(try gate.refusal(of: status, from: user(3), at: Self.peer, Roster()) == nil)
    #expect(try gate.refusal(of: status, from: user(1), at: Self.peer, Roster()) == .role)
  }

  @Test("lets whoever has an invitation ask for a key to be approved, and say nothing else")
  func invited() throws {
    let guest = UserID(InvitationHash(of: try key(7)))
    #expect(guest.invitation == InvitationHash(of: try key(7)))
    #expect(try user(1).invitation == nil)
    var gate = MessageGate(keys: try keys())
    let join = Envelope(
      ToCoordinator.join(Join(key: [UInt8](repeating: 5, count: 32), host: "h")),
      session: Self.session)
    #expect(gate.refusal(of: join, from: guest, at: Self.peer, Roster()) == nil)
    // Also of a session that it has seen in use.
    let roster = Roster(known: [Self.session])
    for message in try Self.messages() {
      #expect(gate.refusal(of: message, from: guest, at: Self.peer, roster) == .role)
    }
    let status = Envelope(ToCoordinator.operator(.status))
    #expect(gate.refusal(of: status, from: guest, at: Self.peer, roster) == .role)
    // Whoever has a key has no use for it, and without keys there is no invitation.
    for byte in [1, 3, 4, 9] as [UInt8] {
      #expect(try gate.refusal(of: join, from: user(byte), at: Self.peer, roster) == .role)
    }
    var open = MessageGate(keys: nil)
    #expect(open.refusal(of: join, from: nil, at: Self.peer, roster) == .role)
    #expect(gate.size == 0)
  }

  @Test("lets a session speak only with the key that introduced it, while it is known")
  func session() throws {
    var gate = MessageGate(keys: try keys())
    var roster = Roster()
    let messages = try Self.messages()
    #expect(try gate.refusal(of: messages[0], from: user(1), at: Self.peer, roster) == nil)
    roster.known = [Self.session]
    for message in messages {
      #expect(try gate.refusal(of: message, from: user(1), at: Self.peer, roster) == nil)
      let other = PeerID([2])
      #expect(try gate.refusal(of: message, from: user(2), at: other, roster) == .session)
    }
    roster.known = []
    #expect(try gate.refusal(of: messages[0], from: user(2), at: PeerID([2]), roster) == nil)
  }

  @Test("without keys lets whoever knows a session speak for it")
  func keyless() throws {
    var gate = MessageGate(keys: nil)
    for message in try Self.messages() {
      let roster = Roster(known: [Self.session])
      #expect(gate.refusal(of: message, from: nil, at: PeerID([3]), roster) == nil)
    }
  }

  @Test("refuses the outcome of an attempt that another key's worker holds")
  func forgedAttempt() throws {
    var gate = MessageGate(keys: try keys())
    var roster = Roster()
    let messages = try Self.messages()
    #expect(try gate.refusal(of: messages[0], from: user(1), at: Self.peer, roster) == nil)
    #expect(try gate.refusal(of: Self.hello(8), from: user(2), at: PeerID([2]), roster) == nil)
    roster.known = [Self.session, SessionID(8)]
    roster.holders = [Self.attempt: SessionID(8)]
    for message in [messages[3], messages[4], messages[7]] {
      #expect(try gate.refusal(of: message, from: user(1), at: Self.peer, roster) == .attempt)
    }
    // Once nobody holds it, a late outcome of it is welcome from any worker.
    roster.holders = [:]
    for message in [messages[3], messages[4], messages[7]] {
      #expect(try gate.refusal(of: message, from: user(1), at: Self.peer, roster) == nil)
    }
  }

  @Test("believes of a worker's predecessors those that its own key introduced")
  func predecessors() throws {
    var gate = MessageGate(keys: try keys())
    var roster = Roster()
    #expect(try gate.refusal(of: Self.hello(7), from: user(1), at: PeerID([1]), roster) == nil)
    #expect(try gate.refusal(of: Self.hello(8), from: user(2), at: PeerID([2]), roster) == nil)
    roster.known = [SessionID(7), SessionID(8)]
    var hello = Sample.hello(9)
    hello.predecessors = [SessionID(7), SessionID(8), SessionID(99)]
    #expect(try gate.predecessors(in: hello, from: user(1)) == [SessionID(7)])
    #expect(try gate.predecessors(in: hello, from: user(2)) == [SessionID(8)])
    #expect(gate.predecessors(in: hello, from: nil) == [])
    #expect(MessageGate(keys: nil).predecessors(in: hello, from: nil) == hello.predecessors)
  }

  @Test("after a restart lets a session that holds attempts be introduced by its own key alone")
  func restarted() throws {
    var gate = MessageGate(keys: try keys(), recorded: [Self.session: try user(1)])
    var roster = Roster()
    roster.holders = [Self.attempt: Self.session]
    let messages = try Self.messages()
    let other = PeerID([2])
    for message in messages {
      #expect(try gate.refusal(of: message, from: user(2), at: other, roster) == .session)
    }
    #expect(try gate.refusal(of: Self.hello(8), from: user(2), at: other, roster) == nil)
    roster.known = [SessionID(8)]
    let delivery = Envelope(messages[3].message, session: SessionID(8))
    #expect(try gate.refusal(of: delivery, from: user(2), at: other, roster) == .attempt)
    var hello = Sample.hello(9)
    hello.predecessors = [Self.session]
    #expect(try gate.predecessors(in: hello, from: user(1)) == [Self.session])
    #expect(try gate.predecessors(in: hello, from: user(2)).isEmpty)
    #expect(try gate.refusal(of: messages[0], from: user(1), at: Self.peer, roster) == nil)
    // What is on record outlives that the session is not known.
    gate.prune(Roster())
    #expect(try gate.refusal(of: messages[0], from: user(2), at: other, Roster()) == .session)
  }

  @Test("names the sessions of a key that is revoked, and forgets those that have left")
  func revocation() throws {
    var gate = MessageGate(keys: try keys())
    var roster = Roster()
    for (session, byte) in [(7, 1), (8, 1), (9, 2)] as [(UInt64, UInt8)] {
      let hello = Self.hello(session)
      #expect(
        try gate.refusal(of: hello, from: user(byte), at: PeerID([UInt8(session)]), roster) == nil)
      roster.known.insert(SessionID(session))
    }
    var changed = try keys()
    try changed.revoke(key(1))
    #expect(gate.adopt(changed) == [SessionID(7), SessionID(8)])
    #expect(gate.adopt(changed).isEmpty)
    let beat = try Self.messages()[2]
    #expect(try gate.refusal(of: beat, from: user(1), at: Self.peer, roster) == .key)
    roster.known = []
    gate.prune(roster)
    #expect(gate.size == 0)
  }

  @Test("keeps its tables small when one peer makes up sessions", arguments: [true, false])
  func madeUpSessions(withKeys: Bool) throws {
    var gate = MessageGate(keys: withKeys ? try keys() : nil)
    var roster = Roster()
    var refused = 0
    for number in 1...100_000 as ClosedRange<UInt64> {
      let hello = Self.hello(number)
      let user = withKeys ? try user(1) : nil
      switch gate.refusal(of: hello, from: user, at: Self.peer, roster) {
      case nil: roster.known.insert(SessionID(number))
      case .session: refused += 1
      case let other: Issue.record("\(String(describing: other))")
      }
    }
    #expect(roster.known.count == 8)
    #expect(refused == 99_992)
    #expect(gate.size <= 16)
  }
}

@Suite("Lines that others provoke")
struct LineLimitTests {
  @Test("are written a few at a time, with a count of those left out")
  func limited() {
    var limit = LineLimit(2, every: .seconds(10))
    let start = ContinuousClock.now
    #expect(limit.line("a", at: start) == "a")
    #expect(limit.line("b", at: start) == "b")
    for _ in 0..<100_000 { #expect(limit.line("c", at: start) == nil) }
    #expect(
      limit.line("d", at: start + .seconds(10)) == "d (100000 such lines before it were left out)")
    #expect(limit.line("e", at: start + .seconds(11)) == "e")
  }
}
