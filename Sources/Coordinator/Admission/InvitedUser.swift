package import Keyring
package import ZeroMQ

/// How a connection that was let in by an invitation is told from one with a key of its own.
extension UserID {
  private static let mark = "invitation "

  /// Without the invitation's public half, which would stand in logs.
  package init(_ invitation: InvitationHash) { self.init(Self.mark + invitation.description) }

  /// nil for the owner of an approved key, whose name is 64 digits.
  package var invitation: InvitationHash? {
    name.hasPrefix(Self.mark) ? InvitationHash(String(name.dropFirst(Self.mark.count))) : nil
  }
}
