package import ZeroMQ

/// A worker that came with an invitation.
package struct Guest: Hashable, Sendable {
  /// The worker's own key, which is to be approved.
  package let key: CurvePublicKey
  /// What to call it; nil takes the invitation's name.
  package let name: String?
  package let invitation: InvitationHash

  package init(key: CurvePublicKey, name: String?, invitation: InvitationHash) {
    self.key = key
    self.name = name
    self.invitation = invitation
  }
}

/// What became of a worker that came with an invitation.
package enum Joining: Hashable, Sendable {
  /// Its own key is approved: from now on, or it was before, which costs no use.
  case admitted(isNew: Bool)
  /// The invitation admits nobody, or nobody any more.
  case closed(InvitationList.Closing)
  /// Its own key was revoked: an invitation does not bring it back.
  case keyRevoked
  /// Its own key is an operator's: an invitation makes workers only.
  case keyOfOperator
}

extension KeyFolder {
  package var invitationsFile: String { "\(path)/invitations" }

  /// The invitations as they stand; none where none was ever made.
  package func invitations() throws(KeyringError) -> InvitationList {
    try PrivateFile.requireFolder(path)
    guard let bytes = try PrivateFile.read(invitationsFile, atMost: InvitationList.longest) else {
      return InvitationList()
    }
    return try InvitationList(bytes, path: invitationsFile)
  }

  /// Makes an invitation to the coordinators that have their key in this folder.
  ///
  /// - Parameters:
  ///   - uses: Keys that it may admit, at least 1.
  ///   - expires: Seconds since 1970-01-01 UTC, as `now`.
  ///   - name: nil makes one of its hash.
  package func invite(
    to endpoint: Endpoint, uses: Int, expires: Int, name: String? = nil, at now: Int
  ) throws(KeyringError) -> (invitation: Invitation, entry: InvitationList.Entry) {
    if let name { try ApprovedKeys.requireName(name) }
    let server = try pairOrNew(of: .coordinator).pair.publicKey
    let pair = try Self.newPair()
    let invitation = Invitation(endpoint: endpoint, server: server, pair: pair)
    let hash = invitation.hash
    let entry = InvitationList.Entry(
      hash: hash, expires: expires, uses: uses, isRevoked: false,
      name: name ?? "invitation-\(hash.description.prefix(8))")
    try changeInvitations { list in
      list.prune(at: now)
      list.add(entry)
    }
    return (invitation, entry)
  }

  /// Approves the own keys of workers that came with invitations, in their order, and counts them, in
  /// one write to the disk: a crash, or a full disk, neither admits a key uncounted nor loses a use.
  ///
  /// A key that is approved already costs no use and needs no open invitation: a worker whose answer
  /// was lost asks again.
  ///
  /// - Parameter now: Seconds since 1970-01-01 UTC.
  /// - Returns: What became of each; all of it is durable.
  package func admit(_ guests: [Guest], at now: Int) throws(KeyringError) -> [Joining] {
    try locked { () throws(KeyringError) in
      let list = try invitations()
      let before = try approved()
      var after = before
      var admitted = before.admissions
      var answers: [Joining] = []
      for guest in guests {
        let answer =
          after.standing(of: guest)
          ?? list.closing(
            of: guest.invitation, admitted: admitted[guest.invitation] ?? 0, at: now
          ).map(Joining.closed)
        if let answer {
          answers.append(answer)
          continue
        }
        try after.approve(
          guest.key, role: .worker, name: guest.name ?? list[guest.invitation]?.name,
          invitation: guest.invitation)
        admitted[guest.invitation, default: 0] += 1
        answers.append(.admitted(isNew: true))
      }
      if after != before { try PrivateFile.replace(approvedFile, with: after.text) }
      return answers
    }
  }

  /// Closes invitations: they admit no further key, and those that they have admitted stay approved.
  ///
  /// - Returns: Those that this closed.
  package func revokeInvitations(
    _ choice: InvitationChoice, at now: Int
  ) throws(KeyringError) -> [InvitationList.Entry] {
    var closed: [InvitationList.Entry] = []
    try changeInvitations { list in closed = list.revoke(choice, at: now) }
    return closed
  }

  private func changeInvitations(_ body: (inout InvitationList) -> Void) throws(KeyringError) {
    try locked { () throws(KeyringError) in
      let before = try invitations()
      var after = before
      body(&after)
      if after != before { try PrivateFile.replace(invitationsFile, with: after.text) }
    }
  }
}

extension ApprovedKeys {
  /// What a guest's own key decides, whatever the invitation; nil for a key that is not on the list.
  fileprivate func standing(of guest: Guest) -> Joining? {
    switch self[guest.key]?.standing {
    case .approved(.worker): .admitted(isNew: false)
    case .approved(.operator): .keyOfOperator
    case .revoked: .keyRevoked
    case nil: nil
    }
  }
}
