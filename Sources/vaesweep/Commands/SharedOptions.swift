import ArgumentParser
import Dataset
import Foundation
import Tables
import VAE

/// `--data`, and how a dataset is found.
struct DataOptions: ParsableArguments {
  @Option(help: "Folder with the dataset's files (else $VAESWEEP_DATA, else the cache).")
  var data: String?

  var folders: DataFolders {
    DataFolders(explicit: data, environment: ProcessInfo.processInfo.environment)
  }

  /// What takes a second or two is told to a person who waits, not to a log.
  private static func report(_ line: String) {
    let isBrief = line.hasPrefix("reading ") || line.hasPrefix("generating ")
    if Console.isTerminal || !isBrief { Console.say(line) }
  }

  /// What the architectures of a dataset begin with; nil where it cannot be read, which `prepare` tells.
  func input(of name: String) -> ArchitectureInput? {
    guard let name = try? DatasetName(parsing: name),
      let shape = ImageShape(of: name, folders: folders)
    else { return nil }
    return ArchitectureInput(shape, of: name.description)
  }

  /// Finds, downloads or generates a dataset.
  ///
  /// What lies in the cache is verified by its digest, unless only its size and shape matter.
  func prepare(_ name: String, allowFetch: Bool, verifying: Bool = true) throws(CommandError)
    -> PreparedDataset
  {
    do throws(DatasetError) {
      return try prepareDataset(
        try DatasetName(parsing: name), folders: folders, allowFetch: allowFetch,
        verifying: verifying, log: Self.report)
    } catch {
      throw .of(error)
    }
  }
}

extension PreparedDataset {
  /// What its architectures begin with.
  var input: ArchitectureInput { ArchitectureInput(shape, of: name.description) }
}

/// `--format` of everything that prints a table.
struct FormatOptions: ParsableArguments {
  @Option(help: "table, json, csv or markdown.")
  var format: OutputFormat = .table
}

extension OutputFormat: ExpressibleByArgument {}
