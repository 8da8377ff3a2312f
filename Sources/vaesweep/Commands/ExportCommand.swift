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
    var failure: CommandError?
    do throws(StoreError) {
      let reader = try StoreReader(path: store)
      // Read with all epochs, each outcome is checked against its result digest.
      var head = export.header
      try reader.forEachOutcome(history: .full) { stored in
        failure = Self.write(head + export.line(stored.outcome, receipt: stored.receipt))
        head = ""
        return failure == nil && Output.isWanted
      }
      if failure == nil { failure = Self.write(head) }
    } catch {
      throw CommandError.of(error)
    }
    if let failure { throw failure }
  }

  private static func write(_ text: String) -> CommandError? {
    do throws(CommandError) {
      try Output.write(text)
      return nil
    } catch {
      return error
    }
  }
}

extension ExportFormat: ExpressibleByArgument {}
