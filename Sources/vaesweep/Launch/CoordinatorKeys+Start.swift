import Coordinator
import Foundation
import Keyring
import Logging
import ZeroMQ

extension CoordinatorKeys {
  /// The keys of a coordinator that starts: its own is made at the first start, and so is the
  /// operator's key of the user who starts it, which is approved unless it was revoked.
  static func prepare(in folder: KeyFolder, _ logger: Logger) throws(CommandError)
    -> CoordinatorKeys
  {
    guard Library.hasCurve else {
      throw .failure(
        "libzmq \(Library.version) was built without CURVE, so nothing can be encrypted: install "
          + "Debian's or Ubuntu's libzmq5, or say --insecure")
    }
    let commands = KeyCommands(folder: folder)
    do throws(KeyringError) {
      let own = try folder.pairOrNew(of: .coordinator)
      if own.isNew { logger.info("made this coordinator's key: \(folder.file(of: .coordinator))") }
      let user = try folder.pairOrNew(of: .operator).pair.publicKey
      try folder.change { (keys) throws(KeyringError) in
        guard keys[user] == nil else { return }
        try keys.approve(user, role: .operator, name: ApprovedKeys.name(from: NSUserName()))
      }
      let admission = KeyAdmission(try LiveKeys(folder), logger: logger) { key, address in
        // All that is known of it: its host's name comes with its first message.
        let name = ApprovedKeys.name(from: address.replacing(":", with: "-"))
        return commands.approve(key, role: .worker, name: name)
      }
      return CoordinatorKeys(own: own.pair, admission: admission)
    } catch {
      throw .of(error)
    }
  }

  /// Says how workers and operators reach it: one line each, to be run as it stands.
  func announce(_ endpoint: Endpoint, folder: KeyFolder, _ logger: Logger) {
    guard let port = endpoint.port else { return }
    logger.info("only approved keys are let in")
    endpoint.announceWorkers("--server-key \(own.publicKey)", logger)
    let invite = KeyCommands(folder: folder).invite(to: endpoint.reached)
    logger.info("to let in many without approving each: \(invite)")
    let local = endpoint.isEveryInterface ? "tcp://127.0.0.1:\(port)" : "\(endpoint)"
    let status =
      "vaesweep status --connect \(local) --server-key \(own.publicKey)"
      + KeyCommands(folder: folder).option
    logger.info("to see how it stands: \(status)")
  }
}

extension Endpoint {
  /// Says how workers reach a coordinator that is bound here, with an address that other hosts
  /// understand.
  func announceWorkers(_ options: String, _ logger: Logger) {
    guard port != nil else { return }
    logger.info("on each worker's host: vaesweep worker --connect \(reached) \(options)")
    let others = isEveryInterface ? ThisHost().others : []
    if !others.isEmpty {
      let listed = others.joined(separator: ", ")
      logger.info(
        "hosts that do not reach that put another address of this host in its place: \(listed)")
    }
  }

  /// Where other hosts reach what is bound here: this host's likeliest address in place of `*`.
  var reached: String {
    guard isEveryInterface, let port else { return "\(self)" }
    return "tcp://\(ThisHost().address):\(port)"
  }

  /// Whether it is bound to `*`, which is `0.0.0.0` or `[::]` once it is bound.
  var isEveryInterface: Bool {
    switch address {
    case .tcp(.any, _), .tcp(.ipv4("0.0.0.0"), _), .tcp(.ipv6("::"), _): true
    default: false
    }
  }
}
