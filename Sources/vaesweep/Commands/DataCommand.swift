import ArgumentParser
import Dataset
import Sweep
import Tables

struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "Fetch datasets by checksum, and show what is there.",
    subcommands: [DataFetchCommand.self, DataInfoCommand.self])
}

struct DataFetchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fetch", abstract: "Make a dataset ready: found, downloaded or generated.")

  @Argument(help: "mnist, fashion-mnist, digits, or a folder with the four IDX files.")
  var name: String
  @OptionGroup var data: DataOptions

  func run() throws {
    let prepared = try data.prepare(name, allowFetch: true)
    try Output.write("\(prepared.name) \(prepared.digest) \(prepared.cacheFile)\n")
  }
}

struct DataInfoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info", abstract: "Show where a dataset is, its digest, and what it holds.")

  @Argument(help: "mnist, fashion-mnist, digits, or a folder with the four IDX files.")
  var name: String
  @OptionGroup var data: DataOptions
  @OptionGroup var output: FormatOptions

  func run() throws {
    let prepared = try data.prepare(name, allowFetch: false)
    let summary: DatasetSummary
    do throws(DatasetError) {
      summary = try DatasetSummary(prepared)
    } catch {
      throw CommandError.of(error)
    }
    try Output.write(summary.table(output.format).render(output.format))
  }
}

extension DatasetSummary {
  /// For a person a line per fact, for a program one object.
  fileprivate func table(_ format: OutputFormat) -> Table {
    let facts = facts
    guard format == .table || format == .markdown else {
      return Table(
        columns: facts.map { Column($0.name) }, rows: [facts.map { Cell(json: $0.value) }])
    }
    return Table(
      columns: ["fact", "value"], rows: facts.map { [.text($0.name), Cell(json: $0.value)] })
  }

  private var facts: [(name: String, value: JSONValue)] {
    func counts(_ split: Split) -> JSONValue { .array(split.classCounts.map(JSONValue.int)) }
    return [
      ("dataset", .string(name)), ("digest", .string(digest)), ("origin", .string(origin)),
      ("cache_file", .string(cacheFile)), ("bytes", .int(bytes)),
      ("rows", .int(shape.rows)), ("columns", .int(shape.columns)), ("classes", .int(classes)),
      ("train_images", .int(train.count)), ("test_images", .int(test.count)),
      ("train_density", JSONValue(train.density)), ("test_density", JSONValue(test.density)),
      ("train_class_counts", counts(train)), ("test_class_counts", counts(test)),
    ]
  }
}
