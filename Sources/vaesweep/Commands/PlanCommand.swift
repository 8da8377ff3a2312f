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
  @Flag(help: "Show what each rule of the grid leaves, instead of the configurations.")
  var counts = false
  @OptionGroup var output: FormatOptions

  /// More are counted and not listed.
  private static let maxListed = 10_000
  /// Of those that are not listed, so many points tell the time.
  private static let drawn = 10_000

  func run() throws {
    let loaded = try sweep.load(isPlan: true)
    let grid = loaded.definition.grid
    if counts {
      try Output.write(GridOutline(grid: grid).table.render(output.format))
      return
    }
    let done = try DonePoints(store: store ?? loaded.defaultStore, sweep: loaded)
    guard grid.configurationPositions <= Self.maxListed else {
      try Output.write(outline(loaded, done).render(output.format))
      return
    }
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
    let estimate = Estimate.ofThisHost(
      done.trained, on: loaded.dataset, likelihood: loaded.definition.artifacts.likelihood)
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

  /// A sweep of too many configurations to list: what there is of all of them.
  private func outline(_ loaded: LoadedSweep, _ done: DonePoints) -> Table {
    let grid = loaded.definition.grid
    let estimate = Estimate.ofThisHost(
      done.trained, on: loaded.dataset, likelihood: loaded.definition.artifacts.likelihood)
    var times = MeanTime(estimate, on: loaded.dataset)
    grid.forEachDrawnPoint(Self.drawn) { times.add($0) }
    let count = grid.count()
    let left = count.points - done.total - done.unneeded
    var table = Table(columns: [.number("points"), .number("done"), .number("to_run")])
    table.append([.integer(count.points), .integer(done.total), .integer(left)])
    table.caption = caption(
      loaded, count: count, done: done,
      seconds: times.seconds.map { $0 * Double(left + done.replays) }, estimate: estimate)
    Console.say(
      "more than \(Self.maxListed) configurations: only their totals are shown, and the time is "
        + "estimated from \(times.count.of("point")) drawn at random")
    return table
  }

  /// A range for a person; its middle for a program.
  private static func minutes(_ seconds: ClosedRange<Double>) -> Cell {
    let ends = [seconds.lowerBound, seconds.upperBound].map { ($0 / 60).shown(decimals: 1) }
    let middle = (10 * seconds.middle / 60).rounded() / 10
    return .value(
      .number(middle), shown: ends[0] == ends[1] ? ends[0] : ends.joined(separator: " – "))
  }

  private func caption(
    _ loaded: LoadedSweep, count: Grid.Count, done: DonePoints, seconds: ClosedRange<Double>?,
    estimate: Estimate
  ) -> [String] {
    let pictures =
      done.replays > 0
      ? " \(done.replays) of those done to be trained again for their pictures or measures;" : ""
    let family = loaded.definition.claims
    let tests = family.claims.reduce(0) { $0 + $1.parts.count }
    let claims =
      family.isEmpty
      ? []
      : [
        "\(family.claims.count.of("claim")) with \(tests.of("test")), family \(family.digest.short): "
          + "fixed in the store before its first outcome"
      ]
    let left = count.points - done.total - done.unneeded
    let cancelled = done.cancelled > 0 ? " \(done.cancelled) cancelled;" : ""
    let totals =
      "sweep \(loaded.definition.name) on \(loaded.dataset.name): \(count.points.of("point")), "
      + "\(done.total) done, \(left) to run;\(cancelled)\(pictures) \(count.duplicates.of("duplicate")) and "
      + "\(count.excluded.of("excluded position")) left out"
    let cores = ThisProgram.cores
    let time =
      seconds.map {
        "about \($0.secondsInWords) on one core, \(($0 * (1 / Double(cores))).secondsInWords) on this "
          + "machine's \(cores) (\(estimate.words))"
      } ?? "how long it takes is not known: exclusions leave too few points to draw some of them"
    return [totals] + GridOutline(grid: loaded.definition.grid).lines + [time] + claims
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
    // Of a key that applies, no value is a value.
    if case .train(let train) = key, train.acceptsNone, value == .null {
      return .value(.null, shown: "none")
    }
    return Cell(json: value)
  }
}
