import Foundation
import Keyring
import Logging
import Platform
import ZeroMQ

/// How a launch gets in at the coordinator, and lets its workers in: with the keys of the folder that the
/// coordinator uses too.
struct LaunchDoor {
  /// How long an invitation is open: jobs may wait in the queue for days.
  private static let open = 14 * 86_400
  private static let uses = 100_000

  let endpoint: Endpoint
  private let text: String
  private let options: OperatorOptions
  private let server: CurvePublicKey?
  private let given: Invitation?
  /// What was made here.
  private var made: OwnInvitation?

  init(
    _ endpoint: Endpoint, asGiven text: String, _ options: OperatorOptions, join: String?
  ) throws(CommandError) {
    self.text = text
    self.endpoint = endpoint
    given =
      try join.map { (join) throws(CommandError) in
        try JoinOption.read(join, isAddressed: true, Logger.console())
      } ?? nil
    var options = options
    let folder = options.contact.keyFolder.folder
    let needsKey = !endpoint.isLoopback && !options.contact.insecure
    let own: CurvePublicKey?
    do throws(KeyringError) {
      // As an invitation may, it comes before the coordinator's first start.
      own =
        needsKey && options.contact.serverKey == nil && given == nil
        ? try folder.pairOrNew(of: .coordinator).pair.publicKey
        : try folder.pair(of: .coordinator)?.publicKey
    } catch {
      throw .of(error)
    }
    if needsKey, options.contact.serverKey == nil {
      options.contact.serverKey = (given?.server ?? own)?.description
    }
    server = try options.contact.server(at: endpoint, option: "--connect")
    self.options = options
    guard let server, given == nil else { return }
    guard server == own else {
      throw .badInput(
        "the coordinator's key is not in \(folder.path): start this beside the coordinator, or give an "
          + "invitation that was made there ('vaesweep keys invite') with --join")
    }
    try approveOperator(in: folder)
  }

  /// Who may make invitations may make an operator too: the same folder decides on both.
  private func approveOperator(in folder: KeyFolder) throws(CommandError) {
    guard options.keyFile == nil else { return }
    do throws(KeyringError) {
      let key = try folder.pairOrNew(of: .operator).pair.publicKey
      guard try folder.approved()[key] == nil else { return }
      try folder.change { (approved) throws(KeyringError) in
        try approved.approve(key, role: .operator, name: ApprovedKeys.name(from: NSUserName()))
      }
    } catch {
      throw .of(error)
    }
  }

  func query(stop: StopSignal) throws(CommandError) -> OperatorQuery {
    OperatorQuery(link: try options.link(to: text, stop: stop), patience: .seconds(5))
  }

  /// Of `vaesweep worker`, beside an invitation.
  var workerArguments: [String] {
    if server != nil { return [] }
    return ["--connect", endpoint.description] + (options.contact.insecure ? ["--insecure"] : [])
  }

  /// What lets a worker in that is submitted now; nil where none is needed.
  mutating func invitation(for mark: String) throws(CommandError) -> String? {
    guard server != nil else { return nil }
    if let given { return given.text }
    let now = OwnInvitation.now
    if let made, now - made.madeAt < Self.open / 2 { return made.invitation.text }
    let new = try OwnInvitation(
      in: options.contact.keyFolder.folder, to: endpoint, uses: Self.uses, openFor: Self.open,
      name: ApprovedKeys.name(from: "\(mark)\(now)"))
    made = new
    return new.invitation.text
  }

  /// Nobody gets in any more by what was made here; who is in stays.
  func close() { made?.revoke() }
}
