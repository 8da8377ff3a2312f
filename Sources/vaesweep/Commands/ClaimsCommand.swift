import ArgumentParser
import Platform
import ResultStore
import StoredStudy
import Study
import Sweep
import SweepFile
import Tables
import VAE

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
    let study = try StoredStudy.read(store: store)
    let tables = ClaimTable.tables(of: study, edited: try edited(study))
    try Output.write(ClaimTable.render(tables, output.format))
  }

  private func edited(_ study: StoredStudy) throws(CommandError) -> SweepDefinition? {
    guard let sweep else { return nil }
    guard FileStatus(sweep) != nil else {
      throw .badInput(
        "--sweep \(sweep): there is no such file; it takes the sweep file whose claims are to be judged"
      )
    }
    // Whatever dataset the file names, it is judged by the store's runs.
    let input = study.definitions.first.map {
      ArchitectureInput(pixels: $0.grid.input, source: "as those of \(study.path) do")
    }
    let definition: SweepDefinition
    do throws(SweepFileError) {
      definition = try SweepFile.read(path: sweep) { _ in input }.definition
    } catch {
      throw .badInput("\(error)")
    }
    let names = Set(study.sweeps.map(\.name))
    if !names.contains(definition.name) {
      Console.say(
        "\(sweep): its sweep is named \(definition.name), and \(store) has \(names.sorted().joined(separator: ", ")): "
          + "its claims are judged by what runs of theirs the store has")
    }
    return definition
  }
}
