internal import Glibc
package import ZeroMQ

/// What became of a worker that came with an invitation.
package enum Joining: Hashable, Sendable {
  /// Its own key is approved, now or before.
  case admitted
  /// The invitation admits nobody (any more).
  case closed
  /// Its own key was revoked: an invitation does not bring it back.
  case revoked
}

extension KeyFolder {
  package var invitationsFile: String { "\(path)/invitations" }

  /// The invitations as they stand.
  package func invitations() throws(KeyringError) -> InvitationList {
    guard let bytes = try PrivateFile.read(invitationsFile, atMost: InvitationList.longest) else {
      return InvitationList()
    }
    return try InvitationList(bytes, path: invitationsFile)
  }

  /// Makes an invitation to a coordinator that has its key in this folder.
  ///
  /// - Parameters:
  ///   - uses: Keys that it may admit, at least 1.
  ///   - expires, now: Seconds since 1970-01-01 UTC.
  package func invite(
    to endpoint: String, uses: Int, expires: Int, name: String, at now: Int
  ) throws(KeyringError) -> Invitation {
    try ApprovedKeys.requireName(name)
    let server = try pairOrNew(of: .coordinator).pair.publicKey
    let pair: CurveKeyPair
    do {
      pair = try CurveKeyPair.generate()
    } catch {
      throw KeyringError(.failed, "\(error)")
    }
    try changeInvitations { (list) throws(KeyringError) in
      list.prune(at: now)
      list.add(
        InvitationList.Entry(
          hash: InvitationList.hash(of: pair.publicKey), expires: expires, usesLeft: uses,
          name: name))
    }
    return Invitation(endpoint: endpoint, server: server, pair: pair)
  }

  /// Approves a worker's own key by an invitation; a key that it admitted before costs no second use,
  /// so that a worker whose answer was lost may ask again.
  ///
  /// The use is written before the approval: a crash between the two costs a use and admits nobody.
  package func join(
    _ key: CurvePublicKey, name: String?, by invitation: CurvePublicKey, at now: Int
  ) throws(KeyringError) -> Joining {
    try locked { () throws(KeyringError) in
      var list = try invitations()
      guard let entry = list[invitation] else { return .closed }
      var approved = try approved()
      if let known = approved[key] { return known.role == .worker ? .admitted : .revoked }
      guard list.spend(invitation, at: now) else { return .closed }
      try PrivateFile.replace(invitationsFile, with: list.text)
      try approved.approve(key, role: .worker, name: name ?? entry.name)
      try PrivateFile.replace(approvedFile, with: approved.text)
      return .admitted
    }
  }

  /// Closes open invitations by the start of their hash or by name, or all; returns how many.
  package func revokeInvitations(
    matching text: String?, at now: Int
  ) throws(KeyringError) -> Int {
    var closed = 0
    try changeInvitations { (list) throws(KeyringError) in
      closed = list.revoke(matching: text, at: now)
    }
    return closed
  }

  private func changeInvitations(
    _ body: (inout InvitationList) throws(KeyringError) -> Void
  ) throws(KeyringError) {
    try PrivateFile.makeFolder(path)
    try locked { () throws(KeyringError) in
      let before = try invitations()
      var after = before
      try body(&after)
      if after != before { try PrivateFile.replace(invitationsFile, with: after.text) }
    }
  }
}
