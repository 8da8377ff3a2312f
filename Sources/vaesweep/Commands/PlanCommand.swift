import ArgumentParser
import Dataset
import Report
import Study
import Sweep
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
          .number("epochs"), .number("core_minutes", title: "core minutes, about", decimals: 1),
        ])
    var seconds = 0.0
    for row in planned {
      let configuration = row.configuration
      let finished = done.count(configuration)
      let left = row.points - finished - done.unneeded(configuration)
      let replays = done.replays(configuration)
      let cost =
        Double(left + replays)
        * Estimate.seconds(configuration, trainCount: loaded.dataset.trainCount)
      seconds += cost
      let names: [Cell] = [
        .text(configuration.architecture.description), .flag(configuration.sampling),
      ]
      var counts: [Cell] = [.integer(row.points), .integer(finished), .integer(left)]
      if showsReplays { counts.append(.integer(replays)) }
      if showsExcluded { counts.append(.integer(row.excluded)) }
      if showsDuplicates { counts.append(.integer(row.duplicates)) }
      table.append(
        names + keys.map { Self.cell($0, configuration) } + counts
          + [.integer(configuration.epochs), .number(cost / 60)])
    }
    table.caption = caption(loaded, count: grid.count(), done: done, seconds: seconds)
    try Output.write(table.render(output.format))
  }

  private func caption(_ loaded: LoadedSweep, count: Grid.Count, done: DonePoints, seconds: Double)
    -> [String]
  {
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
      "sweep \(loaded.definition.name) on \(loaded.dataset.name): \(count.points) points, "
        + "\(done.total) done, \(count.points - done.total - done.unneeded) to run;\(pictures) "
        + "\(count.duplicates) duplicates and \(count.excluded) excluded positions left out",
      "about \(ProgressDisplay.duration(seconds)) on one core, "
        + "\(ProgressDisplay.duration(seconds / Double(ThisProgram.cores))) on this machine's "
        + "\(ThisProgram.cores) (from the arithmetic of a step; bench trainer measures it)",
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
