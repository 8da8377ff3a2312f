import ArgumentParser
import Report
import ResultStore

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Print every outcome, in the order of the keys.")

  @Argument(help: "The store, an SQLite file.") var store: String
  @Option(help: "csv or jsonl.") var format: ExportFormat = .csv
  @Flag(help: "Include every epoch of every outcome.") var history = false

  func run() throws {
    let export = OutcomeExport(format, history: history)
    do {
      let reader = try StoreReader(path: store)
      print(export.header, terminator: "")
      // Read with all epochs, each outcome is checked against its result digest.
      try reader.forEachOutcome(history: .full) { stored in
        print(export.line(stored.outcome, receipt: stored.receipt), terminator: "")
        return true
      }
    } catch {
      throw CommandError.badInput("\(error)")
    }
  }
}

extension ExportFormat: ExpressibleByArgument {}
