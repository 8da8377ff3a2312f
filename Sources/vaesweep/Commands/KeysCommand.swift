import ArgumentParser
import Keyring
import Sweep
import Tables
import ZeroMQ

struct KeysCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keys", abstract: "Make keys, and say which of them a coordinator lets in.",
    discussion: """
      Beyond loopback everything is encrypted, and a coordinator lets in only the keys approved \
      here: a worker's key takes points and delivers outcomes, an operator's reads the status and \
      steers the sweep: pauses, cancels, extends, stops. A coordinator and a worker make their own key at their first start; the coordinator prints \
      what to run on a worker's host, and the line that approves a key it does not know. Approving \
      and revoking take effect at once, also on a coordinator that runs. An invitation ('keys \
      invite') lets in workers on many hosts without approving each ('worker --join'). Keys are in \
      $XDG_CONFIG_HOME/vaesweep (else ~/.config/vaesweep), readable by you alone.
      """,
    subcommands: [
      KeysMakeCommand.self, KeysListCommand.self, KeysApproveCommand.self, KeysRevokeCommand.self,
      KeysInviteCommand.self,
    ])
}

extension KeyRole: ExpressibleByArgument {}
extension KeyOwner: ExpressibleByArgument {}

struct KeysMakeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "make", abstract: "Make your key of one role, unless you have it, and print it.",
    discussion: """
      Prints the public half, 64 hexadecimal digits, to be approved where the coordinator runs. \
      The secret half never leaves its file. To replace a key, move its file away first.
      """)

  @Option(help: "worker, operator or coordinator.") var role: KeyOwner
  @OptionGroup var keys: KeyOptions

  func run() throws {
    let folder = keys.folder
    do throws(KeyringError) {
      let (pair, isNew) = try folder.pairOrNew(of: role)
      Console.say("\(isNew ? "made" : "you have") \(folder.file(of: role))")
      // Standard output is flushed at the end, which says what failed.
      try? Output.write("\(pair.publicKey)\n")
    } catch {
      throw CommandError.of(error)
    }
  }
}

struct KeysApproveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "approve", abstract: "Let a key in, with a role; a revoked one again.")

  @Argument(help: "The public key: 64 hexadecimal digits.") var key: String
  @Option(
    help: "worker: takes and delivers points; operator: reads the status and steers the sweep.")
  var role: KeyRole
  @Option(help: "What to call it, such as its host's name.") var name: String?
  @OptionGroup var keys: KeyOptions

  func run() throws {
    let key = try KeyArgument.parse(key)
    let (role, name) = (role, name)
    var entry: ApprovedKeys.Entry?
    do throws(KeyringError) {
      try keys.folder.change { (approved) throws(KeyringError) in
        try approved.approve(key, role: role, name: name)
        entry = approved[key]
      }
    } catch {
      throw CommandError.of(error)
    }
    Console.say("\(entry?.name ?? "the key") is approved as \(role.rawValue)")
  }
}

/// A public key as an argument.
enum KeyArgument {
  static func parse(_ text: String) throws(CommandError) -> CurvePublicKey {
    do {
      return try CurvePublicKey(parsing: text)
    } catch {
      throw .badInput(error)
    }
  }
}
