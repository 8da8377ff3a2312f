import Keyring
import Logging
import Sweep
import Wire
import ZeroMQ

/// Judges what arrives at a coordinator's socket, before its scheduler hears of it: number of
/// frames, size, version, type, role, session, attempt, rate.
///
/// Its memory is bounded by the scheduler's workers and by one turn's peers.
struct MessageIntake {
  enum Verdict {
    case worker(Envelope<WorkerMessage>, from: PeerID, by: KeyOwner?)
    case `operator`(OperatorRequest, from: PeerID, by: KeyOwner?)
    case join(JoinRequest)
    /// Not taken, and the peer is told why.
    case answer(Refusal, to: PeerID)
    case drop
  }

  /// Answers to refused messages in one turn; none of them is owed.
  private static let maxAnswers = 100

  private let admission: KeyAdmission?
  private let logger: Logger
  private var gate: MessageGate
  private var generation: Int
  private var budget = PeerBudget()
  private var answers = 0
  private var complaints = LineLimit(every: .seconds(1))
  private(set) var counters = RefusalCounters()

  /// - Parameter owners: Whose sessions hold attempts of an earlier start.
  init(_ admission: KeyAdmission?, owners: [SessionID: KeyOwner], logger: Logger) {
    self.admission = admission
    self.logger = logger
    generation = admission?.keys.generation ?? 0
    gate = MessageGate(
      keys: admission?.keys.keys, recorded: owners.mapValues { UserID($0.key) })
  }

  var hasHeardEveryone: Bool { budget.hasHeardEveryone }

  mutating func beginTurn() {
    budget.renew()
    answers = 0
  }

  mutating func count(_ reason: RefusalReason, _ number: Int) { counters.count(reason, number) }

  /// - Returns: Sessions whose key may not work any more.
  mutating func adoptKeys() -> [SessionID] {
    guard let admission, admission.keys.generation != generation else { return [] }
    generation = admission.keys.generation
    return gate.adopt(admission.keys.keys)
  }

  /// Now and then: looks for changed keys, and forgets sessions that are gone.
  mutating func tidy(_ scheduler: Scheduler) {
    admission?.refresh()
    gate.prune(scheduler)
  }

  /// What becomes of each message in a frame.
  mutating func judge(_ message: Message, _ scheduler: Scheduler) -> [Verdict] {
    guard let sender = message.sender else { return [] }
    let peer = PeerID(sender.bytes)
    let bytes = message.frames.reduce(0) { $0 + $1.count }
    guard budget.allows(peer, bytes: bytes) else { return [refuse(.rate, message)] }
    guard message.droppedFrames == 0, message.frames.count == 1 else {
      return [refuse(.frames, message)]
    }
    let decoded: [Envelope<ToCoordinator>]
    do throws(WireError) {
      decoded = try Frame.decode(message.frames[0])
    } catch {
      return [refuse(error, message, peer)]
    }
    let allowed = budget.charge(peer, messages: decoded.count)
    if allowed < decoded.count { _ = refuse(.rate, message) }
    return decoded.prefix(allowed).map { judge($0, of: message, peer, scheduler) }
  }

  private mutating func judge(
    _ decoded: Envelope<ToCoordinator>, of message: Message, _ peer: PeerID,
    _ scheduler: Scheduler
  ) -> Verdict {
    guard let reason = gate.refusal(of: decoded, from: message.user, at: peer, scheduler) else {
      return pass(decoded, of: message, peer)
    }
    let verdict = refuse(reason, message)
    switch reason {
    case .key: return answer("this key is not approved any more", to: peer)
    case .role:
      let line = decoded.message.requiredRole.map {
        "only a key approved with --role \($0.rawValue) may do this"
      }
      return answer(line ?? "only whoever comes with an invitation may do this", to: peer)
    case .handshake, .guess, .invitation, .frames, .size, .version, .malformed, .value, .type,
      .session, .order, .attempt, .rate:
      return verdict
    }
  }

  private func pass(
    _ envelope: Envelope<ToCoordinator>, of message: Message, _ peer: PeerID
  ) -> Verdict {
    let user = message.user
    let owner = user.map { KeyOwner($0.name) }
    switch envelope.message {
    case .operator(let request): return .operator(request, from: peer, by: owner)
    case .worker(.hello(var hello)):
      hello.predecessors = gate.predecessors(in: hello, from: user)
      return .worker(envelope.with(.hello(hello)), from: peer, by: owner)
    case .worker(let message): return .worker(envelope.with(message), from: peer, by: owner)
    case .join(let join):
      // The gate lets nobody else say it.
      guard let invitation = user?.invitation else { return .drop }
      return .join(
        JoinRequest(
          envelope: envelope.with(join), invitation: invitation, peer: peer,
          address: message.peerAddress ?? ""))
    }
  }

  private mutating func refuse(
    _ error: WireError, _ message: Message, _ peer: PeerID
  ) -> Verdict {
    switch error {
    case .version:
      _ = refuse(.version, message, "\(error)")
      // It bears this program's version, which is all that the other can read.
      return answer("\(error)", to: peer)
    case .oversize: return refuse(.size, message, "\(error)")
    case .malformed: return refuse(.malformed, message, "\(error)")
    case .unknownMessage: return refuse(.type, message, "\(error)")
    case .invalid: return refuse(.value, message, "\(error)")
    }
  }

  private mutating func refuse(
    _ reason: RefusalReason, _ message: Message, _ detail: String? = nil
  ) -> Verdict {
    counters.count(reason)
    let line = complaints.line(
      "refused a message from \(Self.origin(message)) for its \(reason.rawValue)"
        + (detail.map { ": \($0)" } ?? ""), at: ContinuousClock.now)
    if let line { logger.warning("\(line)") }
    return .drop
  }

  private mutating func answer(_ reason: String, to peer: PeerID) -> Verdict {
    answers += 1
    return answers <= Self.maxAnswers ? .answer(Refusal(reason: reason), to: peer) : .drop
  }

  private static func origin(_ message: Message) -> String {
    let who = message.user.map { user in
      user.invitation.map { " (invitation \($0.short))" } ?? " (key \(user.name.prefix(8))…)"
    }
    return (message.peerAddress ?? "a peer") + (who ?? "")
  }
}

extension Scheduler: MessageGate.Roster {}
