import ArgumentParser
import StoredStudy
import Study
import Sweep
import Tables

struct SeedsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "seeds",
    abstract: "How many seeds a study needs, judged from the runs in a store as a pilot.")

  private static let usualPower = 0.9

  @Argument(help: "The store, an SQLite file.") var store: String
  @Option(
    parsing: .unconditional,
    help: "The width that the mean's 95 % interval is to have, in the metric's unit.",
    transform: NumberOption.real("above 0") { $0 > 0 }) var meanWidth: Double?
  @Option(
    parsing: .unconditional, help: "The width of the sd's 95 % interval, as a multiple of the sd.",
    transform: NumberOption.real("above 0") { $0 > 0 }) var sdWidth: Double?
  @Option(parsing: .upToNextOption, help: "Two configurations to tell apart by their means.")
  var tell: [String] = []
  @Option(
    parsing: .unconditional,
    help: "The chance that --tell finds the difference (default: \(usualPower)).",
    transform: NumberOption.real("above 0.05, the level, and below 1") { $0 > 0.05 && $0 < 1 })
  var power: Double?
  @Option(help: "The metric to judge by.") var metric: Metric = .testTotalLast5
  @OptionGroup var choice: RunChoice
  @OptionGroup var output: FormatOptions

  func validate() throws {
    let isInterval = meanWidth != nil || sdWidth != nil
    guard isInterval || !tell.isEmpty else {
      throw ValidationError("seeds needs --mean-width or --sd-width (or both), or else --tell A B")
    }
    guard !isInterval || tell.isEmpty else {
      throw ValidationError(
        "--mean-width and --sd-width ask for an interval and --tell for a difference: one or the other"
      )
    }
    guard power == nil || !tell.isEmpty else {
      throw ValidationError("--power is for --tell A B: an interval has a width and no power")
    }
    guard tell.isEmpty || tell.count == 2 else {
      throw ValidationError("--tell takes two configurations, not \(tell.count)")
    }
  }

  func run() throws {
    try Output.write(try table(of: try choice.study(of: store)).render(output.format))
  }

  private func table(of study: StoredStudy) throws(CommandError) -> Table {
    let all = study.configurations
    guard tell.count == 2 else {
      let aim = SeedTable.Aim(meanWidth: meanWidth, deviationWidth: sdWidth)
      return SeedTable(all, metric: metric, aim: aim).table
    }
    let left = try study.choose(tell[0], from: all, option: "--tell")
    let right = try study.choose(tell[1], from: all, option: "--tell")
    do throws(NotComparable) {
      let comparison = try ConfigurationComparison(left, right, metric: metric)
      return TellApartTable(comparison, power: power ?? Self.usualPower).table
    } catch {
      throw .badInput(error)
    }
  }
}
