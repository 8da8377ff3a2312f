import ArgumentParser
import ResultStore
import StoredStudy
import Study
import Sweep
import Tables
import VAE

/// The tables of `vaesweep export`.
enum ExportTable: String, CaseIterable, ExpressibleByArgument {
  case outcomes
  case epochs
  case latents
  case comparisons
}

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Print every outcome, in the order of the keys.",
    discussion: """
      --table epochs and --table latents print a line for each epoch and each latent of every \
      outcome; --table comparisons one for each question about each pair of \
      configurations that differ in one key, as in the report.
      """)

  @Argument(help: "The store, an SQLite file.") var store: String
  @Option(help: "outcomes, epochs, latents or comparisons.") var table: ExportTable = .outcomes
  @Option(help: "csv or jsonl.") var format: ExportFormat = .csv
  @Flag(help: "Include every epoch of every outcome (outcomes only).") var history = false
  @Option(
    help: """
      What comparisons are made by (comparisons only). As in the report unless given: test_total_last5, and \
      test_reconstruction_at_mean where the losses do not compare.
      """) var metric: Metric?
  @OptionGroup var choice: RunChoice
  @Option(
    parsing: .unconditional,
    help: """
      A latent with Var(μ) below this over the test set counts as collapsed (comparisons only; other \
      tables have what was stored, at \(collapseThreshold)).
      """, transform: NumberOption.real("above 0") { $0 > 0 })
  var threshold: Double?

  func validate() throws {
    guard !history || table == .outcomes else {
      throw ValidationError("--history: --table \(table.rawValue) has no such column")
    }
    for (option, isGiven) in [("--metric", metric != nil), ("--threshold", threshold != nil)]
    where isGiven && table != .comparisons {
      throw ValidationError(
        "\(option) is for --table comparisons: --table \(table.rawValue) has every run as it is stored"
      )
    }
  }

  func run() throws {
    switch table {
    case .outcomes:
      let (reader, withOptional) = try reading { () throws(StoreError) in
        let reader = try StoreReader(path: store)
        return (reader, try reader.hasOptionalMeasures())
      }
      let export = OutcomeExport(format, history: history, withOptional: withOptional)
      try write(reader, export.header) { export.line($0.outcome, receipt: $0.receipt) }
    case .epochs: try write(DetailExport(.epochs, format))
    case .latents: try write(DetailExport(.latents, format))
    case .comparisons: try Output.write(try comparisons().text)
    }
  }

  private func reading<Result>(
    _ body: () throws(StoreError) -> Result
  ) throws(CommandError) -> Result {
    do throws(StoreError) {
      return try body()
    } catch {
      throw .of(error)
    }
  }

  private func write(_ export: DetailExport) throws(CommandError) {
    let reader = try reading { () throws(StoreError) in try StoreReader(path: store) }
    try write(reader, export.header) { export.lines($0.outcome) }
  }

  private func write(
    _ reader: StoreReader, _ header: String, _ lines: (StoredOutcome) -> String
  ) throws(CommandError) {
    var failure: CommandError?
    let asked = try askedGrids(reader)
    let filter = try choice.filter.points()
    var count = 0
    var head = header
    do throws(StoreError) {
      // Read with all epochs, each outcome is checked against its result digest.
      // As summaries tell it.
      let likelihood = try AskedLikelihood(reader, named: choice.sweep)
      try reader.forEachOutcome(history: .full, asked: likelihood) { stored in
        let isAsked = asked?.contains { $0.index(of: stored.outcome.point) != nil } ?? true
        guard isAsked, filter?.accepts(stored.outcome.point) ?? true else { return true }
        count += 1
        failure = Self.write(head + lines(stored))
        head = ""
        return failure == nil && Output.isWanted
      }
    } catch {
      throw CommandError.of(error)
    }
    if count == 0 {
      if let filter { try requirePlanned(filter, by: asked, reader) }
      failure = Self.write(head)
    }
    if let failure { throw failure }
    if let filter {
      Console.say("only \(filter.texts.joined(separator: ", ")): \(count.of("outcome"))")
    }
  }

  /// Refuses what no sweep asks for, which is no part without an outcome yet but a slip.
  private func requirePlanned(
    _ filter: PointFilter, by asked: [Grid]?, _ reader: StoreReader
  ) throws(CommandError) {
    let sweeps = try reading { () throws(StoreError) in try reader.sweeps() }
    let grids = asked ?? ReadDefinitions(sweeps, of: store).definitions.map(\.grid)
    guard grids.allSatisfy({ $0.positions(of: filter).isEmpty }) else { return }
    throw .badInput(
      "--where: \(store) needs no point that has \(filter.texts.joined(separator: ", "))")
  }

  /// The grids of the sweep that was asked for by name; nil for everything.
  private func askedGrids(_ reader: StoreReader) throws(CommandError) -> [Grid]? {
    guard choice.sweep != nil else { return nil }
    let sweeps = try reading { () throws(StoreError) in try reader.sweeps() }
    let read = ReadDefinitions(try sweeps.named(choice.sweep, in: store), of: store)
    for line in read.leftOut { Console.say(line) }
    return read.definitions.map(\.grid)
  }

  private func comparisons() throws(CommandError) -> ComparisonExport {
    let family = ComparisonFamily(
      try choice.study(of: store).configurations, metric: metric,
      collapseThreshold: threshold ?? collapseThreshold)
    for reason in family.refused { Console.say("left out: \(reason)") }
    if let words = family.scarceWords {
      Console.say(
        "left out: pairs of which a side has fewer than two runs: \(family.scarce.count): \(words)")
    }
    if family.unlike > 0 {
      Console.say("left out: pairs that differ in several keys: \(family.unlike)")
    }
    return ComparisonExport(family, format)
  }

  private static func write(_ text: String) -> CommandError? {
    do throws(CommandError) {
      try Output.write(text)
      return nil
    } catch {
      return error
    }
  }
}

extension ExportFormat: ExpressibleByArgument {}
