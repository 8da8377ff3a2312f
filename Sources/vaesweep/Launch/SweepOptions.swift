import ArgumentParser
import Dataset
import Sweep
import SweepFile
import VAE
import Worker

/// The options that `run`, `plan` and `coordinator` share.
struct SweepOptions: ParsableArguments {
  @Argument(help: "The sweep file, such as sweeps/quickstart.yaml.") var sweep: String
  @Option(help: "Use this dataset instead of the file's.") var dataset: String?
  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      """
      Set a key of the file, as often as you like: train.epochs=5, grids.page.grid.seed=0..2; \
      without a value it is taken away.
      """, valueName: "KEY=VALUE"))
  var overrides: [String] = []
  @OptionGroup var data: DataOptions

  /// The sweep with its dataset found, fetched or generated.
  ///
  /// - Parameter isPlan: Nothing is fetched or trained, so that the dataset's bytes do not matter.
  func load(isPlan: Bool = false) throws(CommandError) -> LoadedSweep {
    let contents = try Self.read(sweep, overrides) { data.input(of: dataset ?? $0) }
    var definition = contents.definition
    if let dataset { definition.dataset = dataset }
    let prepared = try prepare(definition, isPlan: isPlan)
    guard let digest = Digest(hex: prepared.digest) else {
      throw .failure("the dataset's digest is not one: \(prepared.digest)")
    }
    // The file was checked against the header of one file, before the whole was read.
    guard prepared.shape.pixels == definition.grid.input else {
      throw .badInput(
        "\(sweep): its architectures begin with \(definition.grid.input), and the images of "
          + "\(prepared.name) are \(prepared.shape)")
    }
    try SweepReach(contents, file: sweep, trainCount: prepared.trainCount).check()
    return LoadedSweep(
      definition: definition, yaml: contents.yaml, dataset: prepared, datasetDigest: digest)
  }

  /// Reads a sweep file, and says what it may not mean.
  ///
  /// - Parameter images: What the architectures of a dataset begin with; nil where that is not known.
  static func read(
    _ path: String, _ overrides: [String], images: (String) -> ArchitectureInput? = { _ in nil }
  ) throws(CommandError) -> SweepFile.Contents {
    do throws(SweepFileError) {
      let contents = try SweepFile.read(path: path, overrides: overrides, images: images)
      for warning in contents.warnings { Console.say(warning) }
      return contents
    } catch {
      throw .badInput("\(error)")
    }
  }

  private func prepare(_ definition: SweepDefinition, isPlan: Bool) throws(CommandError)
    -> PreparedDataset
  {
    do throws(CommandError) {
      return try data.prepare(
        definition.dataset, allowFetch: !isPlan && data.data == nil, verifying: !isPlan)
    } catch {
      guard dataset == nil, data.data == nil, error.status == .badInput else { throw error }
      throw .badInput("\(sweep): dataset: \(error)")
    }
  }
}

/// A sweep that can be started.
struct LoadedSweep {
  let definition: SweepDefinition
  let yaml: String
  let dataset: PreparedDataset
  let datasetDigest: Digest

  /// Where `run` puts the results, and `plan` looks for them, unless told.
  var defaultStore: String { "\(definition.name).sqlite" }
}

/// How patient a sweep is with its trainers.
struct TrainerTimeOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: """
      A trainer without a step or an evaluation batch for this long is killed and its point tried \
      again: 5m, 30s.
      """, transform: Patience.read)
  var hang = Patience(.seconds(300))

  @Option(
    parsing: .unconditional,
    help: """
      How often a trainer writes a checkpoint, which bounds what the loss of a worker costs: 30s, 5m (0: \
      only when a worker is told to stop).
      """, transform: Patience.read)
  var checkpointEvery = Patience(.seconds(60))

  func check() throws(CommandError) {
    guard hang.duration >= .seconds(1) else {
      throw .badInput("--hang \(hang): at least 1s")
    }
  }
}

/// What becomes of points that failed in an earlier start.
struct RetryOptions: ParsableArguments {
  @Flag(
    help: """
      Try this sweep's failed points again, whose failures so far no longer count, and want those that were \
      cancelled.
      """)
  var retryFailed = false
}

/// What fixes the arithmetic of a store at its first start.
struct NumericOptions: ParsableArguments {
  @Option(
    help: """
      BLAS core that every worker uses, fixed by a store's first start (default: \
      \(TrainerEnvironment.defaultCore); native: whatever each CPU does best).
      """)
  var blasCore: String?
  @Flag(help: "Take workers that cannot reproduce the store's numeric fingerprint.")
  var mixed = false
}
