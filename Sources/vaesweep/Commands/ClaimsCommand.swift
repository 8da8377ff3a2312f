import ArgumentParser
import StoredStudy
import Study
import Sweep
import SweepFile
import Tables

struct ClaimsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "claims",
    abstract: "What the runs say to the claims of a sweep: figure, interval, test, verdict.",
    discussion: """
      Claims stand under claims: in the sweep file and are fixed in the store before the sweep's \
      first outcome. What is edited later is marked post hoc.
      """)

  @Argument(help: "The store, an SQLite file.") var store: String
  @Option(help: "Judge the claims as this sweep file has them now, instead of the store's.")
  var sweep: String?
  @OptionGroup var output: FormatOptions

  func run() throws {
    let edited = try edited()
    let tables = ClaimTable.tables(of: try .read(store: store), edited: edited)
    try Output.write(ClaimTable.render(tables, output.format))
  }

  private func edited() throws(CommandError) -> SweepDefinition? {
    guard let sweep else { return nil }
    do throws(SweepFileError) {
      return try SweepFile.load(path: sweep)
    } catch {
      throw .badInput("\(error)")
    }
  }
}
