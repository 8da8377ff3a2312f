import ArgumentParser
import Foundation
import Platform
import Sweep
import Tables
import ZeroMQ

struct BenchDispatchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dispatch",
    abstract: "Points per second through coordinator, network, store and workers, none trained.",
    discussion: """
      The coordinator runs in a process of its own, its store with a rollback journal and \
      synchronous=EXTRA in a folder that is removed afterwards. The workers are real sessions on \
      real sockets. A point counts when its outcome is on the disk and acknowledged.
      """)

  @Option(
    parsing: .unconditional, help: "How long to measure at each number of slots.",
    transform: NumberOption.real("above 0, at most 600") { $0 > 0 && $0 <= 600 }) var seconds = 4.0
  @Option(help: "throughput, recovery or registration; may be given again (default: all).")
  var only: [DispatchBenchmark.Part] = []
  @Option(
    parsing: .unconditionalSingleValue,
    help: "Measure at this number of slots only; may be given again.",
    transform: NumberOption.whole(1...1_000_000)) var slots: [Int] = []
  @Option(
    parsing: .unconditional, help: "Points of the grid.",
    transform: NumberOption.whole(1...1_000_000_000)) var points = 1_000_000
  @Option(
    parsing: .unconditional, help: "Outcomes in the store that is recovered.",
    transform: NumberOption.whole(1...1_000_000_000)) var outcomes = 100_000
  @Option(
    parsing: .unconditional, help: "Workers that connect at once.",
    transform: NumberOption.whole(3...20_000)) var workers = 1000
  @Option(
    parsing: .unconditional,
    help: "Measure beside so many readers of --http too, a quarter of which never read.",
    transform: NumberOption.whole(0...64)) var readers = 0
  @Option(help: "Where the store goes (default: the system's folder for temporary files).")
  var folder: String?
  @OptionGroup var output: FormatOptions

  func run() throws {
    let scale = try checkedScale()
    let stop = try StopSignal()
    Signals.request(stop)
    let place = try makeFolder()
    // A folder that is left behind in the temporary ones does no harm.
    defer { try? FileManager.default.removeItem(atPath: place) }
    var benchmark = DispatchBenchmark(
      scale: scale, parts: Set(only.isEmpty ? DispatchBenchmark.Part.allCases : only),
      folder: place, stop: stop)
    let figures = try benchmark.run()
    switch output.format {
    case .json: try Output.write(figures.json.pretty + "\n")
    case .table, .csv, .markdown:
      try Output.write(figures.table(scale).render(output.format))
    }
  }

  private func checkedScale() throws(CommandError) -> DispatchScale {
    guard outcomes <= points else {
      throw .badInput(
        "--outcomes \(outcomes): it must be at most \(points), the points of the grid")
    }
    // A worker takes two files here: its connection and its mailbox.
    let files = OpenFileLimit.raise()
    guard 2 * workers + 64 <= files else {
      throw .failure(
        "--workers \(workers): each takes two open files, and this host allows \(files): "
          + "raise the limit (ulimit -Hn) or measure with fewer")
    }
    var scale = DispatchScale(
      points: points, outcomes: outcomes, workers: workers, seconds: seconds)
    scale.readers = readers
    let known = scale.shapes.map(\.slots)
    for number in slots where !known.contains(number) {
      throw .badInput(
        "--slots \(number): measured are \(known.map(String.init).joined(separator: ", "))")
    }
    if !slots.isEmpty { scale.chosen = Set(slots) }
    return scale
  }

  private func makeFolder() throws(CommandError) -> String {
    let parent = folder ?? NSTemporaryDirectory()
    let path = URL(filePath: parent).appending(path: "vaesweep-bench-\(UUID().uuidString)").path
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    } catch {
      throw .badInput("--folder \(parent): no folder can be made there")
    }
    return path
  }
}

extension DispatchBenchmark.Part: ExpressibleByArgument {}

/// The other process of `bench dispatch`.
struct BenchDispatchCoordinatorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dispatch-coordinator", shouldDisplay: false)

  @Option var store: String
  @Option var points: Int
  @Option var leaseMilliseconds = 15_000
  @Flag(help: "Serve its dashboard at a port of loopback.") var serve = false
  @Option(help: "Only fill the store with this many outcomes.") var fill: Int?

  func run() throws {
    OpenFileLimit.raise()
    var coordinator = DispatchCoordinator(
      sweep: try DispatchSweep(points: points), store: store,
      lease: .milliseconds(leaseMilliseconds))
    coordinator.isServed = serve
    if let fill { try coordinator.fill(fill) } else { try coordinator.run() }
  }
}
