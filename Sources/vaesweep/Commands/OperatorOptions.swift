import ArgumentParser
import Foundation
import Keyring
import Logging
import Wire
import ZeroMQ

/// How a command reaches a coordinator as its operator.
struct OperatorOptions: ParsableArguments {
  @Option(help: "Your operator's key (default: operator.key in your keys' folder).")
  var keyFile: String?
  @OptionGroup var contact: ContactOptions

  /// - Parameter patience: How long an answer may take.
  func query(at text: String, patience: Duration = .seconds(5)) throws(CommandError)
    -> OperatorQuery
  {
    let endpoint = try EndpointOption.parse(text, option: "--connect")
    guard let server = try contact.server(at: endpoint, option: "--connect") else {
      contact.warn(about: endpoint, Logger.console())
      return OperatorQuery(endpoint, keys: nil, approval: nil, patience: patience)
    }
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
    return OperatorQuery(endpoint, keys: (own, server), approval: approval, patience: patience)
  }
}
