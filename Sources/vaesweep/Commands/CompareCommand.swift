import ArgumentParser
import StoredStudy
import Study
import Sweep
import Tables

struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Two configurations over their seeds: location, spread, collapse, in words.")

  @Argument(help: "The store, an SQLite file.") var store: String
  @Argument(help: "A configuration, such as 784-256-32-8-4.") var first: String
  @Argument(help: "Another, such as 784-256-32-8-4,sampling=false.") var second: String
  @Option(help: "What to compare by.") var metric: Metric = .testTotalLast5
  @OptionGroup var choice: RunChoice
  @OptionGroup var threshold: ThresholdOption
  @OptionGroup var output: FormatOptions

  func run() throws {
    let study = try choice.study(of: store)
    let all = study.configurations
    let left = try study.choose(first, from: all, option: "A")
    let right = try study.choose(second, from: all, option: "B")
    let comparison: ConfigurationComparison
    do throws(NotComparable) {
      comparison = try ConfigurationComparison(
        left, right, metric: metric, collapseThreshold: threshold.threshold)
    } catch {
      throw CommandError.badInput(error)
    }
    if let hint = study.hint(on: metric, of: [left, right]) { Console.say(hint) }
    try Output.write(ComparisonReport(comparison).render(output.format))
  }
}
