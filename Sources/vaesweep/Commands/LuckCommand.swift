import ArgumentParser
import StoredStudy
import Study
import Sweep
import Tables

struct LuckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "luck",
    abstract: "How much is the architecture and how much is luck: shares, risks, who beats whom.")

  @Argument(help: "The store, an SQLite file.") var store: String
  @Option(help: "What to judge by.") var metric: Metric = .testTotalLast5
  @OptionGroup var choice: RunChoice
  @OptionGroup var threshold: ThresholdOption
  @OptionGroup var output: FormatOptions

  func run() throws {
    let study = try choice.study(of: store)
    let all = study.configurations
    let found: LuckAnswer
    do throws(NotComparable) {
      found = try LuckAnswer(all, metric: metric, collapseThreshold: threshold.threshold)
    } catch {
      throw CommandError.badInput(error)
    }
    if let hint = study.hint(on: metric) { Console.say(hint) }
    let report = LuckReport(found, names: .telling(all.map(\.configuration)))
    if found.luck.isEmpty, found.alone.isEmpty {
      Console.say(
        "nothing can be told of \(store): the luck of a configuration takes "
          + "\(ComparableSet.fewestRuns) runs with \(metric.rawValue), and a comparison two such "
          + "configurations of one sampling mode, one loss, one binarize and, by a total, one kl_weight"
      )
    }
    // A table ends with these lines; other formats are for programs.
    if output.format == .json || output.format == .csv {
      for line in report.leftOut { Console.say(line) }
    }
    try Output.write(report.render(output.format))
  }
}
