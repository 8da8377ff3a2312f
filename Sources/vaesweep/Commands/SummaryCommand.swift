import ArgumentParser
import StoredStudy
import Study
import Sweep
import Tables

struct SummaryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "summary", abstract: "Per configuration, over its seeds: means, spreads, collapse."
  )

  @Argument(help: "The store, an SQLite file.") var store: String
  @Option(help: "Group by these keys (comma-separated) and pool over the others.")
  var by: String?
  @Option(help: "What the tables show; csv and json have every metric.")
  var metric: Metric = .testTotalLast5
  @Flag(help: "Collapse instead: counts at five thresholds, and the variance that goes with them.")
  var collapse = false
  @Flag(
    help: "Where the variance comes from instead: the share of each seed that was varied apart.")
  var variance = false
  @Flag(
    help:
      "What share of the variance a perturbation of one weight gives by itself (perturb) instead.")
  var perturbation = false
  @Flag(help: "What looks decided instead: the interval at each, and what is surplus.")
  var looks = false
  @OptionGroup var choice: RunChoice
  @OptionGroup var threshold: ThresholdOption
  @OptionGroup var output: FormatOptions

  func run() throws {
    let keys = try keys()
    guard [variance, collapse, looks, perturbation].count(where: \.self) < 2 else {
      throw CommandError.badInput(
        "--collapse, --variance, --perturbation, --looks: one of them at a time")
    }
    let study = try choice.study(of: store)
    if let hint = study.hint(on: metric) { Console.say(hint) }
    if looks {
      let taken = study.takenLooks
      if taken.isEmpty {
        Console.say(
          study.filter == nil
            ? "no sweep of \(store) has looks"
            : "no looks of \(store) are about this part: looks are about all seeds of a configuration"
        )
      }
      try Output.write(LooksTable(taken).render(output.format))
      return
    }
    if perturbation {
      try requireNone(keys, beside: "--perturbation")
      let table = PerturbationTable(
        study.configurations, metric: metric, threshold: threshold.threshold)
      if table.isEmpty {
        Console.say(
          "no configuration of \(store) has seeds of which several perturbations of one epoch were run, "
            + "'none' not counted: see perturb in the sweep file")
      }
      try Output.write(table.render(output.format))
      return
    }
    if variance {
      try requireNone(keys, beside: "--variance")
      let table = VarianceTable(
        study.configurations, metric: metric, threshold: threshold.threshold)
      if table.isEmpty {
        Console.say(
          study.hasSeedDesign
            ? "no configuration of \(store) has enough runs with \(metric.rawValue) to tell its "
              + "seeds apart, though they were varied apart: see summary \(store) for the counts"
            : "no configuration of \(store) has seeds that were varied apart: see variance: in the "
              + "sweep file, or init_seed, order_seed and noise_seed as axes")
      }
      try Output.write(table.render(output.format))
      return
    }
    guard collapse else {
      let text = SummaryPrinter(study: study).text(
        as: output.format, by: keys, metric: metric, collapseThreshold: threshold.threshold)
      try Output.write(text)
      return
    }
    try requireNone(keys, beside: "--collapse")
    let table = CollapseTable(
      study.configurations, metric: metric, threshold: threshold.threshold)
    try Output.write(table.render(output.format))
  }

  private func requireNone(_ keys: [ConfigurationKey]?, beside option: String) throws(CommandError)
  {
    guard keys == nil else {
      throw .badInput("--by: \(option) tells configurations one by one")
    }
  }

  private func keys() throws(CommandError) -> [ConfigurationKey]? {
    guard let by else { return nil }
    do {
      return try ConfigurationKey.list(parsing: by)
    } catch {
      throw .badInput("--\(error)")
    }
  }
}
