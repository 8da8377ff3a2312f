/// The approved keys and the invitations as a running coordinator knows them: read again whenever
/// their files change.
///
/// Shared between the thread that admits connections, the one that takes their messages, and the one
/// that approves the keys of invited workers.
package final class LiveKeys: Sendable {
  package let folder: KeyFolder
  private let approved: LiveFile<ApprovedKeys>
  private let invited: LiveFile<InvitationList>

  /// - Throws: Where a list cannot be read, or is open to others.
  package init(_ folder: KeyFolder) throws(KeyringError) {
    self.folder = folder
    approved = try LiveFile(folder.approvedFile) { () throws(KeyringError) in
      try folder.approved()
    }
    invited = try LiveFile(folder.invitationsFile) { () throws(KeyringError) in
      try folder.invitations()
    }
  }

  /// Grows with every change of the approved keys that was read.
  package var generation: Int { approved.generation }

  package var keys: ApprovedKeys { approved.content }
  package var invitations: InvitationList { invited.content }

  /// Looks whether the files have changed, and reads those that have.
  ///
  /// A file that is gone admits nobody.
  /// - Returns: A complaint about the files, once for each change.
  @discardableResult
  package func refresh() -> String? {
    let complaints = [
      approved.refresh().map { "\($0); until then the keys approved before stand" },
      invited.refresh().map { "\($0); until then the invitations made before stand" },
    ].compactMap(\.self)
    return complaints.isEmpty ? nil : complaints.joined(separator: "; ")
  }
}
