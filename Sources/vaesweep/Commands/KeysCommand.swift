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
      and revoking take effect at once, also on a coordinator that runs. Keys are in \
      $XDG_CONFIG_HOME/vaesweep (else ~/.config/vaesweep), readable by you alone.
      """,
    subcommands: [
      KeysMakeCommand.self, KeysListCommand.self, KeysApproveCommand.self, KeysRevokeCommand.self,
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

struct KeysListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the keys that your coordinators let in, and the revoked.")

  @OptionGroup var keys: KeyOptions
  @OptionGroup var output: FormatOptions

  func run() throws {
    let folder = keys.folder
    var table = Table(
      columns: ["name", "role", "key"], empty: "no key is approved yet")
    do throws(KeyringError) {
      for owner in KeyOwner.allCases {
        guard let pair = try folder.pair(of: owner) else { continue }
        table.caption.append("your \(owner.rawValue) key: \(pair.publicKey)")
      }
      for entry in try folder.approved().entries {
        table.append([
          .text(entry.name), .text(entry.role?.rawValue ?? "revoked"),
          .text(entry.key.description),
        ])
      }
    } catch {
      throw CommandError.of(error)
    }
    try Output.write(table.render(output.format))
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

struct KeysRevokeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "revoke", abstract: "Let a key in no more, and cut off whoever uses it.")

  @Argument(help: "The public key: 64 hexadecimal digits.") var key: String
  @OptionGroup var keys: KeyOptions

  func run() throws {
    let key = try KeyArgument.parse(key)
    var entry: ApprovedKeys.Entry?
    do throws(KeyringError) {
      try keys.folder.change { (approved) throws(KeyringError) in
        try approved.revoke(key)
        entry = approved[key]
      }
    } catch {
      throw CommandError.of(error)
    }
    Console.say("\(entry?.name ?? "the key") is revoked")
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
