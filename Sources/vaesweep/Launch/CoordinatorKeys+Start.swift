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
      let admission = KeyAdmission(try LiveKeys(folder), logger: logger) {
        commands.approve($0, role: .worker)
      }
      return CoordinatorKeys(own: own.pair, admission: admission)
    } catch {
      throw .of(error)
    }
  }

  /// Says how workers and operators reach it: one line each, to be run as it stands.
  func announce(_ endpoint: Endpoint, folder: KeyFolder, _ logger: Logger) {
    guard let port = endpoint.port else { return }
    let host = endpoint.isEveryInterface ? ThisHost.address : nil
    let reached = host.map { "tcp://\($0):\(port)" } ?? "\(endpoint)"
    let worker = "vaesweep worker --connect \(reached) --server-key \(own.publicKey)"
    logger.info("only approved keys are let in; on each worker's host: \(worker)")
    let local = endpoint.isEveryInterface ? "tcp://127.0.0.1:\(port)" : "\(endpoint)"
    let status =
      "vaesweep status --connect \(local) --server-key \(own.publicKey)"
      + KeyCommands(folder: folder).option
    logger.info("to see how it stands: \(status)")
  }
}

extension Endpoint {
  /// Whether it is bound to `*`, which is `0.0.0.0` or `[::]` once it is bound.
  var isEveryInterface: Bool {
    switch address {
    case .tcp(.any, _), .tcp(.ipv4("0.0.0.0"), _), .tcp(.ipv6("::"), _): true
    default: false
    }
  }
}
