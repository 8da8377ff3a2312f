import ArgumentParser
import Dataset
import Foundation
import Report
import ResultStore
import Sweep
import VAE

struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Show what a sweep would run: points, duplicates, done, time.")

  @OptionGroup var sweep: SweepOptions
  @Option(help: "Count what this store holds as done.") var store: String?
  @OptionGroup var output: FormatOptions

  func run() throws {
    let loaded = try sweep.load(isPlan: true)
    let grid = loaded.definition.grid
    let done = try DonePoints(store: store, grid: grid)
    var table = Table(columns: [
      "architecture", "sampling", .number("points"), .number("done"), .number("to_run"),
      .number("epochs"), .number("core_minutes", title: "core minutes, about", decimals: 1),
    ])
    var seconds = 0.0
    grid.forEachConfiguration { planned in
      let finished = done.count(planned.configuration)
      let left = planned.points - finished
      let cost =
        Double(left)
        * Estimate.seconds(planned.configuration, trainCount: loaded.dataset.trainCount)
      seconds += cost
      table.append([
        .text(planned.configuration.architecture.description),
        .flag(planned.configuration.sampling), .integer(planned.points), .integer(finished),
        .integer(left), .integer(planned.configuration.epochs), .number(cost / 60),
      ])
      return true
    }
    let count = grid.count()
    table.caption = [
      "sweep \(loaded.definition.name) on \(loaded.dataset.name): \(count.points) points, "
        + "\(done.total) done, \(count.points - done.total) to run; "
        + "\(count.duplicates) duplicates and \(count.excluded) excluded positions left out",
      "about \(ProgressDisplay.duration(seconds)) on one core, "
        + "\(ProgressDisplay.duration(seconds / Double(ThisProgram.cores))) on this machine's "
        + "\(ThisProgram.cores) (from the arithmetic of a step; bench trainer measures it)",
    ]
    try Output.write(table.render(output.format))
  }
}

/// What a store holds of a grid.
private struct DonePoints {
  private(set) var total = 0
  private var byConfiguration: [Configuration: Int] = [:]

  init(store path: String?, grid: Grid) throws(CommandError) {
    guard let path, FileManager.default.fileExists(atPath: path) else { return }
    do {
      try StoreReader(path: path).forEachOutcome { stored in
        guard grid.index(of: stored.outcome.point) != nil else { return true }
        total += 1
        byConfiguration[stored.outcome.point.configuration, default: 0] += 1
        return true
      }
    } catch {
      throw .badInput("\(error)")
    }
  }

  func count(_ configuration: Configuration) -> Int { byConfiguration[configuration] ?? 0 }
}

/// How long a point takes, from its multiply-adds alone.
///
/// A guess for planning, never a result.
private enum Estimate {
  /// Dense multiply-adds a second that a core with AVX2 gets through in training, about; one with
  /// AVX-512 twice as many.
  private static let rate = 50e9
  /// Images evaluated after each epoch, forward only, with two decodings.
  private static let testCount = 10_000.0

  static func seconds(_ configuration: Configuration, trainCount: Int) -> Double {
    let architecture = configuration.architecture
    let encoder = [Architecture.inputSize] + architecture.hidden
    let heads = configuration.sampling ? 2.0 : 1.0
    var forward = heads * Double(architecture.latentDim * (architecture.hidden.last ?? 1))
    for (left, right) in zip(encoder, encoder.dropFirst()) { forward += 2 * Double(left * right) }
    forward += Double(architecture.latentDim * (architecture.hidden.last ?? 1))
    let images = Double(configuration.limit ?? trainCount)
    return Double(configuration.epochs) * forward * (3 * images + 1.5 * testCount) / rate
  }
}
