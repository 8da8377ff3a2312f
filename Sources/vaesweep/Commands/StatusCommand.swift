import ArgumentParser
import Platform
import ResultStore
import Sweep
import Tables

struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show how far a sweep is, from its coordinator or its store.",
    discussion: """
      Every point is counted once: ok, diverged, failed, cancelled, or missing; those that are missing \
      run, wait, or were never begun. Exit status 3 where a point is failed or cancelled.

      With --watch it is shown again and again, with the workers and the summary so far: in one place \
      of a terminal, as blocks of lines in a pipe. It ends by itself when the sweep is complete, with \
      the same exit status.
      """)

  @Option(help: "Ask the coordinator that listens here.") var connect: String?
  @Option(help: "Read this store; nothing is known of what runs.") var store: String?
  @Flag(help: "Show it again and again, until the sweep is complete.") var watch = false
  @Option(
    parsing: .unconditional, help: "With --watch: how often, such as 2s or 1m (default: 2s).",
    transform: Patience.read) var every: Patience?
  @OptionGroup var operatorOptions: OperatorOptions
  @OptionGroup var output: FormatOptions

  func run() throws {
    if watch { return try follow() }
    guard every == nil else {
      throw CommandError.badInput("--every: without --watch it is shown once")
    }
    let tables: StatusTables
    switch (connect, store) {
    case (let text?, nil): tables = StatusTables(try operatorOptions.query(at: text).status())
    case (nil, let path?): tables = try read(path)
    default: throw wantsOne
    }
    try Output.write(tables.render(output.format))
    if tables.hasGaps { throw CommandError(.failedPoints, nil) }
  }

  private var wantsOne: CommandError {
    .badInput("status needs one of --connect ENDPOINT and --store FILE")
  }

  private func follow() throws {
    guard output.format == .table else {
      throw CommandError.badInput("--format: --watch shows lines for a person and nothing else")
    }
    let interval = every?.duration ?? .seconds(2)
    guard interval >= .seconds(1) else {
      throw CommandError.badInput("--every \(Patience(interval)): at least 1s")
    }
    let stop = try StopSignal()
    Signals.request(stop)
    var watch = SweepWatch(every: interval, stop: stop)
    switch (connect, store) {
    case (let text?, nil):
      let patience = Duration.seconds(5)
      let link = try operatorOptions.link(to: text, stop: stop)
      try watch.run(
        ConnectedSource(link: link, patience: patience),
        silence: "no coordinator answers at \(link.endpoint)")
    case (nil, let path?):
      try watch.run(try StoredSource(path), silence: "\(path) is busy and cannot be read")
    default: throw wantsOne
    }
  }

  private func read(_ path: String) throws(CommandError) -> StatusTables {
    do throws(StoreError) {
      let standing = try StoredStanding(StoreReader(path: path))
      for line in standing.leftOut { Console.say(line) }
      return StatusTables(standing)
    } catch {
      throw .of(error)
    }
  }
}
