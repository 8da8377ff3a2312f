import Foundation
import Keyring
import Logging
import Platform
import Sweep
import ZeroMQ

/// How the workers of a launch reach their coordinator and are let in.
struct LaunchContact {
  /// How long an invitation stays open, in seconds.
  ///
  /// It is revoked when its launch ends; keys that it has admitted stay approved.
  private static let openFor = 7 * 86_400

  private let address: Endpoint
  /// The coordinator's key; nil where none are in use.
  private let server: CurvePublicKey?
  /// Options of each worker.
  let worker: [String]
  /// What each worker reads from its standard input; empty where it needs none.
  let invitation: String
  /// What a person should know before workers are started.
  let warning: String?
  /// The invitation that was made here.
  private let made: OwnInvitation?

  /// - Parameters:
  ///   - text: As given with `--connect`.
  ///   - join: As given with `--join`.
  ///   - isTunnelled: Whether workers reach it through their connections.
  ///   - uses: Keys that an invitation is to admit; nil where no worker is started.
  init(
    _ text: String, _ options: OperatorOptions, join: String?, isTunnelled: Bool, uses: Int?
  ) throws(CommandError) {
    let contact = options.contact
    address = try EndpointOption.parseReachable(text, option: "--connect", by: "workers")
    let isLoopback = address.isLoopback
    guard let uses else {
      warning = nil
      (server, worker, invitation, made) = (nil, [], "", nil)
      return
    }
    if let join {
      guard contact.serverKey == nil, !contact.insecure else {
        throw .badInput(
          "an invitation holds the coordinator's key: leave --server-key and --insecure out")
      }
      guard let given = try JoinOption.read(join, isAddressed: true, Logger.console())
      else {
        throw .badInput("--join: there is no invitation")
      }
      warning = nil
      (server, worker, invitation, made) = (given.server, ["--join", "@-"], given.text, nil)
      return
    }
    if contact.insecure {
      warning = isLoopback ? nil : contact.warning(about: address)
      // Through a tunnel it is loopback for the worker.
      (server, worker, invitation, made) = (
        nil, isLoopback || isTunnelled ? [] : ["--insecure"], "", nil
      )
      return
    }
    let folder = contact.keyFolder.folder
    let own: CurvePublicKey?
    do throws(KeyringError) {
      own = try folder.pair(of: .coordinator)?.publicKey
    } catch {
      throw .of(error)
    }
    if isLoopback, contact.serverKey == nil {
      warning =
        isTunnelled
        ? "whoever has an account on a host reaches the coordinator through its tunnel: bind it "
          + "beyond loopback, then it has keys"
        : "on every host \(address) is that host itself: --tunnel leads its workers here"
      (server, worker, invitation, made) = (nil, [], "", nil)
      return
    }
    let isNamed = contact.serverKey != nil
    let named = isNamed ? try contact.server(at: address, option: "--connect") : nil
    warning = nil
    if let named, named != own {
      // Its folder of keys is elsewhere: each worker's key is approved there.
      (server, worker, invitation, made) = (named, ["--server-key", "\(named)"], "", nil)
      return
    }
    // A coordinator that has not started yet finds its key made.
    let new = try OwnInvitation(
      in: folder, to: address, uses: uses, openFor: Self.openFor,
      name: "launch-\(String(UInt32.random(in: .min ... .max), radix: 36))")
    (server, worker, invitation, made) = (
      new.invitation.server, ["--join", "@-"], new.invitation.text, new
    )
  }

  /// Where workers find the coordinator, unless a tunnel leads there.
  var endpoint: String { "\(address)" }

  /// Where a tunnel leads, as ssh takes it.
  var tunnelled: String { "\(address)".replacing("tcp://", with: "") }

  /// Closes the invitation that was made here.
  func revoke() { made?.revoke() }

  /// Asks the coordinator how the sweep stands, as soon as there is one and the key that it wants.
  func statusWatch(_ options: OperatorOptions) -> StatusWatch {
    var options = options
    if let server { options.contact.serverKey = "\(server)" }
    let (asked, text) = (options, endpoint)
    return StatusWatch { () throws(CommandError) in try asked.link(to: text) }
  }
}
