import Coordinator
import Foundation
import Keyring
import Logging
import Platform
import ZeroMQ

/// The first task of a Slurm step: it coordinates, and lets the others in.
///
/// They come by an invitation, so that all is encrypted and nobody else gets in: it stands in the
/// rendezvous file, lets in as many keys as there are tasks, and is closed at the end.
struct StepLead {
  /// Tasks of a step start together.
  private static let longest = 7 * 86_400

  let file: RendezvousFile
  let keyFolder: KeyFolder
  let logger: Logger

  private var name: String { name(restart: file.step.restart) }

  private func name(restart: Int) -> String { "slurm-\(file.step.name)-\(restart)" }

  /// Any free port, on every address.
  static func endpoint() throws(CommandError) -> Endpoint {
    try EndpointOption.parse("tcp://*:*", option: "run")
  }

  /// Opens the door to the other tasks.
  ///
  /// - Returns: The invitation for the worker of this task.
  func open(_ endpoint: Endpoint) throws(CommandError) -> Invitation {
    guard let port = endpoint.port else {
      throw .failure("\(endpoint) has no port that other tasks could reach")
    }
    let addresses = InterfaceAddress.reachable().map { "\($0)" }
    let reached = try EndpointOption.parse(
      "tcp://\(addresses.first ?? HostName.current):\(port)", option: "run")
    do throws(KeyringError) {
      // Those of earlier starts whose first task was killed: nobody is to come by them.
      for restart in 0...max(0, file.step.restart) {
        try OwnInvitation.revoke(named: name(restart: restart), in: keyFolder)
      }
    } catch {
      throw .of(error)
    }
    let invitation = try OwnInvitation(
      in: keyFolder, to: reached, uses: file.step.tasks, openFor: Self.longest, name: name
    ).invitation
    let door = RendezvousNote.Door(
      invitation: invitation, host: HostName.current, addresses: addresses)
    try file.write(.open(door))
    let status =
      "vaesweep status --connect \(reached) --server-key \(invitation.server)"
      + KeyCommands(folder: keyFolder).option
    let tasks = file.step.tasks
    logger.info("step \(file.step.name): \(tasks) tasks find each other by \(file.path)")
    logger.info("to see how it stands: \(status)")
    let local = try EndpointOption.parse("tcp://127.0.0.1:\(port)", option: "run")
    return invitation.leading(to: local)
  }

  /// Nobody needs to come any more; what was let in stays approved, in the user's own list.
  func close() {
    // Where neither can be written, the others find out when nobody answers.
    try? file.write(.ended)
    try? OwnInvitation.revoke(named: name, in: keyFolder)
  }
}
