import ArgumentParser
import Foundation
import Keyring
import Sweep
import ZeroMQ

struct KeysRevokeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "revoke", abstract: "Let a key in no more, and cut off whoever uses it.",
    discussion: """
      Or close an invitation: it admits nobody from then on. Workers that it has admitted stay until \
      their own keys are revoked.
      """)

  @Argument(help: "The public key: 64 hexadecimal digits.") var key: String?
  @Option(
    help: ArgumentHelp(
      "Close an invitation instead: its name, or the first digits of its hash.",
      valueName: "name|hash")) var invitation: String?
  @Flag(help: "Close all invitations instead.") var allInvitations = false
  @OptionGroup var keys: KeyOptions

  func run() throws {
    let choice = invitation.map(InvitationChoice.matching) ?? (allInvitations ? .all : nil)
    switch (key, choice) {
    case (let key?, nil): try revoke(try KeyArgument.parse(key))
    case (nil, let choice?) where invitation == nil || !allInvitations: try close(choice)
    default:
      throw CommandError.badInput("give a key, or --invitation, or --all-invitations: one of them")
    }
  }

  private func revoke(_ key: CurvePublicKey) throws(CommandError) {
    var entry: ApprovedKeys.Entry?
    do throws(KeyringError) {
      try keys.folder.change { (approved) throws(KeyringError) in
        try approved.revoke(key)
        entry = approved[key]
      }
    } catch {
      throw .of(error)
    }
    Console.say("\(entry?.name ?? "the key") is revoked")
  }

  private func close(_ choice: InvitationChoice) throws(CommandError) {
    let closed: [InvitationList.Entry]
    do throws(KeyringError) {
      closed = try keys.folder.revokeInvitations(choice, at: Int(Date().timeIntervalSince1970))
    } catch {
      throw .of(error)
    }
    if closed.isEmpty, let invitation {
      throw .badInput(
        "no open invitation has this name, or a hash that begins with at least eight digits like "
          + "this: '\(invitation)' ('vaesweep keys list')")
    }
    let stay = "; workers that it let in stay until their own keys are revoked"
    for entry in closed {
      Console.say("the invitation \(entry.name) (\(entry.hash.short)) is revoked\(stay)")
    }
    if closed.isEmpty { Console.say("no invitation is open") }
  }
}
