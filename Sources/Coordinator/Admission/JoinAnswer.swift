package import Keyring
package import Wire

extension Joining {
  /// What the worker is told.
  ///
  /// - Parameters:
  ///   - name: The invitation's; nil for one that is not known.
  ///   - approval: The command that approves the worker's own key.
  package func reply(invitation name: String?, approval: String) -> JoinReply {
    let invitation = name.map { "the invitation \($0)" } ?? "this invitation"
    return switch self {
    case .admitted: .admitted
    case .closed(let closing): .refused(reason: "\(invitation) \(closing.words); \(Self.another)")
    case .keyRevoked:
      .refused(
        reason: "this worker's key was revoked, and no invitation brings it back; where the "
          + "coordinator runs: \(approval)")
    case .keyOfOperator:
      .refused(
        reason: "this worker's key is approved as an operator's: a worker needs a key of its own")
    }
  }

  private static let another = "'vaesweep keys invite', where the coordinator runs, makes another"
}

extension InvitationList.Closing {
  /// As the end of "the invitation …".
  package var words: String {
    switch self {
    case .revoked: "was revoked"
    case .usedUp: "is used up"
    case .expired: "has expired"
    case .unknown: "is not known any more"
    }
  }
}
