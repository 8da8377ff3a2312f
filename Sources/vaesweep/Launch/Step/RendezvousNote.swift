import Keyring
import Platform
import ZeroMQ

/// What the first task of a step tells the others.
enum RendezvousNote: Hashable, Sendable {
  case open(Door)
  /// It has ended; nobody needs to come any more.
  case ended

  /// How they get in, and where they may try.
  struct Door: Hashable, Sendable {
    let invitation: Invitation
    /// Where the first task runs.
    let host: String
    /// That host's, the likeliest first.
    let addresses: [String]
  }

  private static let header =
    "# Where the tasks of a Slurm step find the first of them; 'vaesweep run' writes it. Keep it secret.\n"

  /// The text, which says of which start of which step it is.
  func text(of step: SlurmStep) -> String {
    let lines: [String] =
      switch self {
      case .open(let door):
        ["host \(door.host)"] + door.addresses.map { "address \($0)" }
          + ["invitation \(door.invitation.text)"]
      case .ended: ["ended"]
      }
    return Self.header + ([Self.mark(of: step)] + lines).map { $0 + "\n" }.joined()
  }

  /// - Returns: nil for a note of another start, and for what is no note.
  init?(_ text: String, of step: SlurmStep) {
    var lines = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
    guard lines.first.map(String.init) == Self.mark(of: step) else { return nil }
    lines.removeFirst()
    if lines == ["ended"] {
      self = .ended
      return
    }
    var host: String?
    var addresses: [String] = []
    var invitation: Invitation?
    for line in lines {
      let words = line.split(separator: " ", maxSplits: 1).map(String.init)
      guard words.count == 2 else { return nil }
      switch words[0] {
      case "host": host = words[1]
      case "address": addresses.append(words[1])
      case "invitation": invitation = try? Invitation(parsing: words[1])
      // A later version may say more.
      default: break
      }
    }
    guard let host, let invitation else { return nil }
    self = .open(Door(invitation: invitation, host: host, addresses: addresses))
  }

  private static func mark(of step: SlurmStep) -> String {
    "job \(step.job) step \(step.step) restart \(step.restart)"
  }
}
