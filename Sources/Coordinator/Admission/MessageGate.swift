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
  private static let mostSessionsOfPeer = 8
  private static let mostSessions = 16_384

  /// Role of each approved key; nil where no keys are in use.
  private var roles: [UserID: KeyRole]?
  private var owners: [SessionID: UserID] = [:]
  /// Sessions that each connection has introduced.
  private var introduced: [PeerID: Set<SessionID>] = [:]

  /// - Parameter keys: nil where no keys are in use.
  package init(keys: ApprovedKeys?) { roles = keys.map(Self.roles) }

  /// Entries of its tables; bounded by what the scheduler knows, once `prune` has run.
  package var size: Int { owners.count + introduced.values.reduce(0) { $0 + $1.count } }

  /// nil where the message may pass.
  package mutating func refusal(
    of message: WireMessage, from user: UserID?, at peer: PeerID, _ roster: some Roster
  ) -> RefusalReason? {
    guard let required = message.requiredRole else { return .type }
    if let roles {
      guard let role = user.flatMap({ roles[$0] }) else { return .key }
      guard role == required else { return .role }
      if let reason = refusal(of: message, ofOwner: user, roster) { return reason }
    }
    if case .hello(let hello) = message { return introduce(hello.session, user, peer, roster) }
    return nil
  }

  private mutating func refusal(
    of message: WireMessage, ofOwner user: UserID?, _ roster: some Roster
  ) -> RefusalReason? {
    guard let session = message.session, let user else { return nil }
    if let owner = owners[session], owner != user {
      guard !roster.isKnown(session) else { return .session }
      owners[session] = nil
    }
    switch message {
    case .delivery(let delivery) where isForeign(delivery.attempt, user, roster): return .attempt
    case .failure(let report) where isForeign(report.attempt, user, roster): return .attempt
    case .handback(let handback)
    where handback.attempts.contains { isForeign($0, user, roster) }:
      return .attempt
    default: break
    }
    return nil
  }

  /// Notes who a session belongs to; one peer cannot make up any number of them.
  private mutating func introduce(
    _ session: SessionID, _ user: UserID?, _ peer: PeerID, _ roster: some Roster
  ) -> RefusalReason? {
    if !roster.isKnown(session) {
      guard roster.knownWorkers < Self.mostSessions else { return .rate }
      guard introduced[peer, default: []].count < Self.mostSessionsOfPeer else { return .session }
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
    guard let holder = roster.holder(of: attempt), let owner = owners[holder] else { return false }
    return owner != user
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
