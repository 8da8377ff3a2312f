package import Keyring
package import Sweep
package import Wire
package import ZeroMQ

/// Says which decoded messages reach the scheduler, by the key that sent them: a pure value.
///
/// A session belongs to the key that introduced it. Without keys, on loopback, whoever knows a
/// session speaks for it.
package struct MessageGate: Sendable {
  /// What the gate needs to know of the scheduler.
  package protocol Roster {
    /// Whether a session has said hello and not left.
    func isKnown(_ session: SessionID) -> Bool
    /// The session that an attempt under way was granted to.
    func holder(of attempt: AttemptID) -> SessionID?
    /// How many sessions are known.
    var knownWorkers: Int { get }
  }

  /// Sessions that one connection may introduce: a worker has one.
  private static let maxSessionsOfPeer = 8
  private static let maxSessions = 16_384

  /// Role of each approved key; nil where no keys are in use.
  private var roles: [UserID: KeyRole]?
  private var owners: [SessionID: UserID] = [:]
  /// Of sessions that hold attempts of an earlier start, as the store has them.
  private let recorded: [SessionID: UserID]
  /// Sessions that each connection has introduced.
  private var introduced: [PeerID: Set<SessionID>] = [:]

  /// - Parameters:
  ///   - keys: nil where no keys are in use.
  ///   - recorded: Whose sessions hold attempts of an earlier start: no other key may introduce them.
  package init(keys: ApprovedKeys?, recorded: [SessionID: UserID] = [:]) {
    roles = keys.map(Self.roles)
    self.recorded = recorded
  }

  /// Entries of its tables; bounded by what the scheduler knows, once `prune` has run.
  package var size: Int { owners.count + introduced.values.reduce(0) { $0 + $1.count } }

  /// nil where the message may pass.
  package mutating func refusal(
    of envelope: Envelope<ToCoordinator>, from user: UserID?, at peer: PeerID, _ roster: some Roster
  ) -> RefusalReason? {
    let isInvited = user?.invitation != nil
    guard let required = envelope.message.requiredRole else { return isInvited ? nil : .role }
    if isInvited { return .role }
    if let roles {
      guard let role = user.flatMap({ roles[$0] }) else { return .key }
      guard role == required else { return .role }
    }
    guard case .worker(let message) = envelope.message else { return nil }
    let session = envelope.session
    if roles != nil, let user, let reason = refusal(of: message, of: session, user, roster) {
      return reason
    }
    if case .hello = message { return introduce(session, user, peer, roster) }
    return nil
  }

  private mutating func refusal(
    of message: WorkerMessage, of session: SessionID, _ user: UserID, _ roster: some Roster
  ) -> RefusalReason? {
    if let owner = recorded[session], owner != user { return .session }
    if let owner = owners[session], owner != user {
      guard !roster.isKnown(session) else { return .session }
      owners[session] = nil
    }
    return switch message {
    case .delivery(let delivery): isForeign(delivery.attempt, user, roster) ? .attempt : nil
    case .failure(let report): isForeign(report.attempt, user, roster) ? .attempt : nil
    case .handback(let handback):
      handback.attempts.contains { isForeign($0, user, roster) } ? .attempt : nil
    case .hello, .ready, .heartbeat, .checkpointOffer, .blobRequest, .blobChunk, .goodbye: nil
    }
  }

  /// Notes who a session belongs to; one peer cannot make up any number of them.
  private mutating func introduce(
    _ session: SessionID, _ user: UserID?, _ peer: PeerID, _ roster: some Roster
  ) -> RefusalReason? {
    if !roster.isKnown(session) {
      guard roster.knownWorkers < Self.maxSessions else { return .rate }
      guard introduced[peer, default: []].count < Self.maxSessionsOfPeer else { return .session }
    }
    introduced[peer, default: []].insert(session)
    if let user { owners[session] = user }
    return nil
  }

  /// Whether an attempt under way is held by a worker with another key.
  ///
  /// One that nobody holds any more may be delivered by any worker: its first outcome counts,
  /// however late, and the store knows whether it was ever granted.
  private func isForeign(_ attempt: AttemptID, _ user: UserID, _ roster: some Roster) -> Bool {
    guard let holder = roster.holder(of: attempt), let owner = owner(of: holder) else {
      return false
    }
    return owner != user
  }

  private func owner(of session: SessionID) -> UserID? { owners[session] ?? recorded[session] }

  /// Of the sessions whose place a worker claims to have taken, those that its own key introduced.
  ///
  /// Whoever merely knows a session and the name of its host must not have a live worker's points taken
  /// away.
  package func predecessors(in hello: Hello, from user: UserID?) -> [SessionID] {
    guard roles != nil else { return hello.predecessors }
    return hello.predecessors.filter { owner(of: $0) == user && user != nil }
  }

  /// Takes a changed list of keys.
  ///
  /// - Returns: The sessions whose key may not work any more: what they hold is to be taken back.
  package mutating func adopt(_ keys: ApprovedKeys) -> [SessionID] {
    guard self.roles != nil else { return [] }
    let roles = Self.roles(keys)
    self.roles = roles
    let orphaned = owners.filter { roles[$0.value] != .worker }.map(\.key)
    for session in orphaned { owners[session] = nil }
    return orphaned.sorted { $0.value < $1.value }
  }

  /// Forgets the sessions that the scheduler has forgotten.
  package mutating func prune(_ roster: some Roster) {
    owners = owners.filter { roster.isKnown($0.key) }
    introduced = introduced.compactMapValues { sessions in
      let known = sessions.filter(roster.isKnown)
      return known.isEmpty ? nil : known
    }
  }

  private static func roles(_ keys: ApprovedKeys) -> [UserID: KeyRole] {
    var roles: [UserID: KeyRole] = [:]
    for entry in keys.entries { roles[UserID(entry.key.description)] = entry.role }
    return roles
  }
}
