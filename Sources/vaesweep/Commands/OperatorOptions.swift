import ArgumentParser
import Foundation
import Keyring
import Logging
import Platform
import Wire
import ZeroMQ

/// How an operator's command reaches a coordinator: on loopback as it is, beyond it with the operator's key.
struct OperatorOptions: ParsableArguments {
  @Option(help: "Your operator's key (default: operator.key in your keys' folder).")
  var keyFile: String?
  @OptionGroup var contact: ContactOptions
  @OptionGroup var log: LogOptions

  /// - Parameter patience: How long an answer may take.
  func query(at text: String, patience: Duration = .seconds(5)) throws(CommandError)
    -> OperatorQuery
  {
    OperatorQuery(link: try link(to: text), patience: patience)
  }

  /// - Parameters:
  ///   - text: The endpoint, as it was given with `--connect`.
  ///   - stop: Ends any waiting for an answer.
  func link(to text: String, stop: StopSignal? = nil) throws(CommandError) -> OperatorLink {
    let endpoint = try EndpointOption.parse(text, option: "--connect")
    let server = try contact.server(at: endpoint, option: "--connect")
    if server == nil { contact.warn(about: endpoint, Logger.console()) }
    return try OperatorLink(
      endpoint, keys: try server.map { (key) throws(CommandError) in try keys(for: key) },
      stop: stop)
  }

  private func keys(for server: CurvePublicKey) throws(CommandError) -> OperatorLink.Keys {
    let folder = contact.keyFolder.folder
    let file = keyFile ?? folder.file(of: .operator)
    let found: CurveKeyPair?
    do throws(KeyringError) {
      found = keyFile == nil ? try folder.pair(of: .operator) : try KeyFolder.pair(in: file)
    } catch {
      throw .of(error)
    }
    guard let own = found else {
      throw .badInput(
        "you have no operator's key in \(file): 'vaesweep keys make --role operator' makes one, "
          + "to be approved where the coordinator runs")
    }
    let approval = KeyCommands(folder: KeyFolder(environment: [:])).approve(
      own.publicKey, role: .operator, name: ApprovedKeys.name(from: NSUserName()))
    return OperatorLink.Keys(own: own, server: server, approval: approval)
  }
}
