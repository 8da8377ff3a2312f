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
  @Option(
    help: """
      The configuration that the others are compared with, such as 784-256-2 (default: the one with \
      the smallest mean). Those that are not comparable with it are compared with the best of them.
      """)
  var reference: String?
  @OptionGroup var choice: RunChoice
  @OptionGroup var threshold: ThresholdOption

  func run() throws {
    let folder = try ReportMaker.folder(out)
    try ReportMaker(
      store: store, sweep: choice.sweep, filter: try choice.filter.points(), show: show,
      collapseThreshold: threshold.threshold, reference: reference
    ).write(to: folder)
  }
}

extension ShownRun: ExpressibleByArgument {}
