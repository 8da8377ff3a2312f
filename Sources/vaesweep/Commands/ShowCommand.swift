import ArgumentParser
import ResultStore
import Sweep
import Tables

struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show all that a store has of one point, and the command that runs it again.")

  @Argument(help: "The store, an SQLite file.") var store: String
  @Argument(help: "The point's key, or as much of its beginning as no other key shares.")
  var key: String
  @Flag(help: "Include every epoch in the output.") var history = false
  @OptionGroup var output: FormatOptions

  func run() throws {
    let prefix = try KeyPrefix(key)
    let results = try StoredResults(store)
    let sheet = try PointSheet(try prefix.find(in: results), of: results, history: history)
    try Output.write(sheet.render(output.format))
  }
}
