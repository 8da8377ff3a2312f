import ArgumentParser
import Report

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "One self-contained HTML page of a store, and each of its pictures as a file.",
    discussion: """
      The page needs no network. Files of an earlier report in the folder are replaced; any other \
      file stays as it is.
      """)

  @Argument(help: "The store, an SQLite file.") var store: String
  @Option(help: "The folder to write; made where there is none.") var out: String
  @Option(help: "Which run of each configuration is pictured: best, median or worst by its loss.")
  var show: ShownRun = .median
  @OptionGroup var threshold: ThresholdOption

  func run() throws {
    let folder = try ReportMaker.folder(out)
    try ReportMaker(store: store, show: show, collapseThreshold: threshold.threshold)
      .write(to: folder)
  }
}

extension ShownRun: ExpressibleByArgument {}
