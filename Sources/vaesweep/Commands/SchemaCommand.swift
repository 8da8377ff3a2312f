import ArgumentParser
import Sweep
import SweepFile

struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema", abstract: "Print the JSON Schema of sweep files, for editors.",
    discussion: """
      An editor with a YAML language server completes and checks a sweep file that names the schema \
      in a comment at its top:

        # yaml-language-server: $schema=schema.json
      """)

  func run() throws {
    try Output.write(SweepFile.schema.pretty + "\n")
  }
}
