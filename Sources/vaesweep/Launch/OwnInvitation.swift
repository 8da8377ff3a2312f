import Foundation
import Keyring
import ZeroMQ

/// An invitation that this program makes for workers of its own, and closes when none is to come by it any
/// more; those that have come stay approved.
struct OwnInvitation {
  let invitation: Invitation
  /// Seconds since 1970-01-01 UTC.
  let madeAt: Int
  private let name: String
  private let folder: KeyFolder

  /// - Parameter seconds: How long it lets anybody in.
  init(
    in folder: KeyFolder, to endpoint: Endpoint, uses: Int, openFor seconds: Int, name: String?
  ) throws(CommandError) {
    madeAt = Self.now
    self.folder = folder
    do throws(KeyringError) {
      let made = try folder.invite(
        to: endpoint, uses: uses, expires: madeAt + seconds, name: name, at: madeAt)
      (invitation, self.name) = (made.invitation, made.entry.name)
    } catch {
      throw .of(error)
    }
  }

  /// Closes it; where that fails it expires by itself.
  func revoke() { _ = try? Self.revoke(named: name, in: folder) }

  /// Closes whatever invitations have this name.
  static func revoke(named name: String, in folder: KeyFolder) throws(KeyringError) {
    _ = try folder.revokeInvitations(.matching(name), at: now)
  }

  static var now: Int { Int(Date().timeIntervalSince1970) }
}
