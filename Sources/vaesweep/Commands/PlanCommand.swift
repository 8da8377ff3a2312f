import ArgumentParser
import Dataset
import Study
import Sweep
import Tables
import VAE

struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Show what a sweep would run: points, duplicates, done, time.")

  @OptionGroup var sweep: SweepOptions
  @Option(help: "Count what this store holds as done (default, as of run: NAME.sqlite here).")
  var store: String?
  @OptionGroup var output: FormatOptions

  func run() throws {
    let loaded = try sweep.load(isPlan: true)
    let grid = loaded.definition.grid
    let done = try DonePoints(store: store ?? loaded.defaultStore, sweep: loaded)
    var planned: [Grid.PlannedConfiguration] = []
    grid.forEachConfiguration(includingEmpty: true) {
      planned.append($0)
      return true
    }
    let keys = Self.varyingKeys(planned.map(\.configuration))
    // A person is told in the caption what falls away; a column of noughts says nothing.
    let showsAll = output.format == .json || output.format == .csv
    let showsExcluded = showsAll || planned.contains { $0.excluded > 0 }
    let showsDuplicates = showsAll || planned.contains { $0.duplicates > 0 }
    let showsReplays = showsAll || done.replays > 0
    var table = Table(
      columns: ["architecture", "sampling"] + keys.map { Column($0.description) }
        + [.number("points"), .number("done"), .number("to_run")]
        + (showsReplays ? [.number("replays")] : [])
        + (showsExcluded ? [.number("excluded")] : [])
        + (showsDuplicates ? [.number("duplicates")] : [])
        + [
          .number("epochs"), .number("core_minutes", title: "core minutes, about"),
        ])
    let estimate = Estimate.ofThisHost(done.trained, on: loaded.dataset)
    var seconds = 0.0...0.0
    for row in planned {
      let configuration = row.configuration
      let finished = done.count(configuration)
      let left = row.points - finished - done.unneeded(configuration)
      let replays = done.replays(configuration)
      let cost = estimate.seconds(configuration, on: loaded.dataset) * Double(left + replays)
      seconds = seconds + cost
      let names: [Cell] = [
        .text(configuration.architecture.description), .flag(configuration.sampling),
      ]
      var counts: [Cell] = [.integer(row.points), .integer(finished), .integer(left)]
      if showsReplays { counts.append(.integer(replays)) }
      if showsExcluded { counts.append(.integer(row.excluded)) }
      if showsDuplicates { counts.append(.integer(row.duplicates)) }
      table.append(
        names + keys.map { Self.cell($0, configuration) } + counts
          + [.integer(configuration.epochs), Self.minutes(cost)])
    }
    table.caption = caption(
      loaded, count: grid.count(), done: done, seconds: seconds, estimate: estimate)
    try Output.write(table.render(output.format))
  }

  /// A range for a person; its middle for a program.
  private static func minutes(_ seconds: ClosedRange<Double>) -> Cell {
    let ends = [seconds.lowerBound, seconds.upperBound].map { ($0 / 60).shown(decimals: 1) }
    let middle = (10 * seconds.middle / 60).rounded() / 10
    return .value(
      .number(middle), shown: ends[0] == ends[1] ? ends[0] : ends.joined(separator: " – "))
  }

  private func caption(
    _ loaded: LoadedSweep, count: Grid.Count, done: DonePoints, seconds: ClosedRange<Double>,
    estimate: Estimate
  ) -> [String] {
    let pictures =
      done.replays > 0
      ? " \(done.replays) of those done to be trained again for their pictures;" : ""
    let family = loaded.definition.claims
    let tests = family.claims.reduce(0) { $0 + $1.parts.count }
    let claims =
      family.isEmpty
      ? []
      : [
        "\(family.claims.count.of("claim")) with \(tests.of("test")), family \(family.digest.short): "
          + "fixed in the store before its first outcome"
      ]
    return [
      "sweep \(loaded.definition.name) on \(loaded.dataset.name): \(count.points.of("point")), "
        + "\(done.total) done, \(count.points - done.total - done.unneeded) to run;\(pictures) "
        + "\(count.duplicates.of("duplicate")) and \(count.excluded.of("excluded position")) left out",
      "about \(seconds.durationWords) on one core, "
        + "\((seconds * (1 / Double(ThisProgram.cores))).durationWords) on this machine's "
        + "\(ThisProgram.cores) (\(estimate.words))",
    ] + claims
  }

  /// The train keys that differ between configurations, apart from those that always have columns.
  private static func varyingKeys(_ configurations: [Configuration]) -> [ConfigurationKey] {
    ConfigurationKey.all.filter { key in
      switch key {
      case .architecture, .hidden, .latentDim, .train(.sampling), .train(.epochs): return false
      case .train: return Set(configurations.map { key.value(in: $0) }).count > 1
      }
    }
  }

  private static func cell(_ key: ConfigurationKey, _ configuration: Configuration) -> Cell {
    let value = key.value(in: configuration)
    return key == .train(.limit) && value == .null
      ? .value(.null, shown: "none") : Cell(json: value)
  }
}
