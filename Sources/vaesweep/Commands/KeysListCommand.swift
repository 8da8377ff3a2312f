import ArgumentParser
import Foundation
import Keyring
import Sweep
import Tables
import ZeroMQ

struct KeysListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the keys that your coordinators let in, the revoked, and open invitations.")

  @Flag(help: "List the open invitations alone.") var invitations = false
  @OptionGroup var keys: KeyOptions
  @OptionGroup var output: FormatOptions

  func run() throws {
    let folder = keys.folder
    let tables: (keys: Table, invitations: Table)
    do throws(KeyringError) {
      let approved = try folder.approved()
      tables = (
        try Self.table(of: approved, in: folder),
        Self.table(
          of: try folder.invitations(), admissions: approved.admissions,
          at: Int(Date().timeIntervalSince1970))
      )
    } catch {
      throw CommandError.of(error)
    }
    if invitations { return try Output.write(tables.invitations.render(output.format)) }
    try Output.write(tables.keys.render(output.format))
    // A program reads one table at a time.
    let isForPeople = output.format == .table || output.format == .markdown
    guard isForPeople, !tables.invitations.rows.isEmpty else { return }
    try Output.write("\n" + tables.invitations.render(output.format))
  }

  private static func table(of approved: ApprovedKeys, in folder: KeyFolder) throws(KeyringError)
    -> Table
  {
    var table = Table(columns: ["name", "role", "key"], empty: "no key is approved yet")
    for owner in KeyOwner.allCases {
      guard let pair = try folder.pair(of: owner) else { continue }
      table.caption.append("your \(owner.rawValue) key: \(pair.publicKey)")
    }
    for entry in approved.entries {
      table.append([
        .text(entry.name), .text(entry.role?.rawValue ?? "revoked"),
        .text(entry.key.description),
      ])
    }
    return table
  }

  /// Those that still admit somebody, the first to expire last.
  private static func table(
    of list: InvitationList, admissions: [InvitationHash: Int], at now: Int
  ) -> Table {
    var table = Table(
      columns: [
        "invitation", "hash", .number("uses_left"), .number("expires_in_seconds"),
      ], empty: "no invitation is open")
    for entry in list.entries {
      let admitted = admissions[entry.hash] ?? 0
      guard list.closing(of: entry.hash, admitted: admitted, at: now) == nil else { continue }
      let left = entry.expires - now
      table.append([
        .text(entry.name), .text(entry.hash.short), .integer(entry.uses - admitted),
        .value(.int(left), shown: "\(left) (\(Duration.seconds(left).roughly))"),
      ])
    }
    return table
  }
}

extension Duration {
  /// In its largest unit, rounded down: "6d", "23h", "59m", "7s".
  fileprivate var roughly: String {
    let seconds = components.seconds
    let (unit, name) =
      [(86_400, "d"), (3600, "h"), (60, "m")].first { seconds >= $0.0 } ?? (1, "s")
    return "\(seconds / unit)\(name)"
  }
}
