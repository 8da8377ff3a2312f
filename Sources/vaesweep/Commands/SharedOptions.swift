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

  /// Finds, downloads or generates a dataset that networks of this program can be trained on.
  func prepareForTraining(
    _ name: String, allowFetch: Bool, verifying: Bool = true
  ) throws(CommandError) -> PreparedDataset {
    let prepared = try prepare(name, allowFetch: allowFetch, verifying: verifying)
    do throws(InvalidValue) {
      try prepared.shape.requireInput()
    } catch {
      throw .badInput("\(name): \(error)")
    }
    return prepared
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

/// `--format` of everything that prints a table.
struct FormatOptions: ParsableArguments {
  @Option(help: "table, json, csv or markdown.")
  var format: OutputFormat = .table
}

extension OutputFormat: ExpressibleByArgument {}
