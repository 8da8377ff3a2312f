import ArgumentParser
import ResultStore
import Tables

struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show how far a sweep is, from its coordinator or its store.")

  @Option(help: "Ask the coordinator that listens here.") var connect: String?
  @Option(help: "Read this store; nothing is known of what runs.") var store: String?
  @OptionGroup var operatorOptions: OperatorOptions
  @OptionGroup var output: FormatOptions

  func run() throws {
    let tables: StatusTables
    switch (connect, store) {
    case (let text?, nil): tables = StatusTables(try operatorOptions.query(at: text).status())
    case (nil, let path?): tables = try read(path)
    default: throw CommandError.badInput("status needs one of --connect ENDPOINT and --store FILE")
    }
    try Output.write(tables.render(output.format))
  }

  private func read(_ path: String) throws(CommandError) -> StatusTables {
    do throws(StoreError) {
      return try StatusTables(StoreReader(path: path))
    } catch {
      throw .of(error)
    }
  }
}
