import ArgumentParser
import Report
import Study

struct SummaryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "summary", abstract: "Per configuration, over its seeds: means, spreads, collapse."
  )

  @Argument(help: "The store, an SQLite file.") var store: String
  @Option(help: "Group by these keys (comma-separated) and pool over the others.")
  var by: String?
  @OptionGroup var output: FormatOptions

  func run() throws {
    let text = try SummaryPrinter(store: store).print(as: output.format, by: try keys())
    try Output.write(text)
  }

  private func keys() throws(CommandError) -> [ConfigurationKey]? {
    guard let by else { return nil }
    do {
      return try ConfigurationKey.list(parsing: by)
    } catch {
      throw .badInput("--by: \(error)")
    }
  }
}
