import ArgumentParser
import Foundation
import Keyring
import Logging
import ResultStore
import Sweep
import Tables
import Wire
import ZeroMQ

struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show how far a sweep is, from its coordinator or its store.")

  @Option(help: "Ask the coordinator that listens here.") var connect: String?
  @Option(help: "Read this store; nothing is known of what runs.") var store: String?
  @Option(help: "Your operator's key (default: operator.key in your keys' folder).")
  var keyFile: String?
  @OptionGroup var contact: ContactOptions
  @OptionGroup var output: FormatOptions

  func run() throws {
    let tables: StatusTables
    switch (connect, store) {
    case (let text?, nil):
      let endpoint = try EndpointOption.parse(text, option: "--connect")
      tables = StatusTables(try ask(endpoint))
    case (nil, let path?): tables = try read(path)
    default: throw CommandError.badInput("status needs one of --connect ENDPOINT and --store FILE")
    }
    try Output.write(tables.render(output.format))
  }

  private func ask(_ endpoint: Endpoint) throws(CommandError) -> StatusReply {
    guard let server = try contact.server(at: endpoint, option: "--connect") else {
      contact.warn(about: endpoint, Logger.console())
      return try StatusQuery(endpoint, keys: nil, approval: nil).ask()
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
    return try StatusQuery(endpoint, keys: (own, server), approval: approval).ask()
  }

  private func read(_ path: String) throws(CommandError) -> StatusTables {
    do throws(StoreError) {
      return try StatusTables(StoreReader(path: path))
    } catch {
      throw .of(error)
    }
  }
}
