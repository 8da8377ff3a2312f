import ArgumentParser
import Foundation
import Keyring
import Sweep
import ZeroMQ

struct KeysInviteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "invite",
    abstract: "Print an invitation, which lets in workers on many hosts without approving each.",
    discussion: """
      One string with the coordinator's address and key and a secret: 'vaesweep worker --join STRING' \
      on each host has that worker's own key approved, as a worker's only, until the invitation is used \
      up, has expired or is revoked. Whoever has the string can do so: hand it over like a password. \
      Here only a hash of it is kept. The coordinator may be started before or afterwards; it must use \
      the same folder of keys, and listen beyond loopback.
      """)

  /// Where a coordinator listens unless it is told otherwise.
  private static let port = 5757
  private static let longest = Patience(.seconds(366 * 86_400))

  @Option(
    name: .customLong("for"), parsing: .unconditional,
    help: "How long it lets anybody in: 30m, 2h, 7d.", transform: Patience.read)
  var duration = Patience(.seconds(7200))
  @Option(
    parsing: .unconditional, help: "Keys that it may let in.",
    transform: NumberOption.whole(1...1_000_000)) var uses = 40
  @Option(
    help: """
      Where workers reach the coordinator (default: this host's address, port \(Self.port)).
      """) var endpoint: String?
  @Option(help: "What to call it, in lists and logs.") var name: String?
  @OptionGroup var keys: KeyOptions

  func run() throws {
    guard duration.duration >= .seconds(1), duration.duration <= Self.longest.duration else {
      throw CommandError.badInput("--for \(duration): it must be from 1s to 366d")
    }
    let endpoint = try reached()
    let now = Int(Date().timeIntervalSince1970)
    let made: (invitation: Invitation, entry: InvitationList.Entry)
    do throws(KeyringError) {
      made = try keys.folder.invite(
        to: endpoint, uses: uses, expires: now + Int(duration.duration.components.seconds),
        name: name, at: now)
    } catch {
      throw CommandError.of(error)
    }
    Console.say(
      "the invitation \(made.entry.name) (\(made.entry.hash.short)) lets in \(uses.of("worker")) "
        + "at \(endpoint) within \(duration); on each host: vaesweep worker --join STRING, or with it "
        + "in $VAESWEEP_JOIN or in a file, --join @FILE")
    try Output.write(made.invitation.text + "\n")
  }

  private func reached() throws(CommandError) -> Endpoint {
    let text = endpoint ?? "tcp://\(ThisHost().address):\(Self.port)"
    return try EndpointOption.parseReachable(
      text, option: "--endpoint", by: "other hosts", port: Self.port)
  }
}
