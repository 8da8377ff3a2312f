import ArgumentParser
import Dataset
import Foundation
import Platform
import Sweep
import Tables
import VAE
import Worker

struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Train one point here, without a network or a store.",
    discussion: """
      With --key and --store it trains a point of a store again and compares the results: the same \
      bits where this host computes as the one that made them did. Exit status 1 where they differ.
      """)

  @Option(help: "Such as 784-256-32-8-4: input, hidden layers, latent dimension.")
  var architecture: String?
  @Option(help: "Train this point of the store again: its key, or the beginning of it.")
  var key: String?
  @Option(help: "The store of --key.") var store: String?
  @Option(
    parsing: .unconditional, help: "Sets the three seeds that follow.",
    transform: NumberOption.seed) var seed: UInt32?
  @Option(parsing: .unconditional, help: "Initial weights.", transform: NumberOption.seed)
  var initSeed: UInt32?
  @Option(parsing: .unconditional, help: "Order of the images.", transform: NumberOption.seed)
  var orderSeed: UInt32?
  @Option(parsing: .unconditional, help: "Sampling noise.", transform: NumberOption.seed)
  var noiseSeed: UInt32?
  @Option(
    help: """
      mnist, fashion-mnist, digits, or a folder with the four IDX files (default: mnist; with --key \
      the store's).
      """)
  var dataset: String?
  @Option(
    help: """
      BLAS core that fixes the arithmetic, or native (default: \(TrainerEnvironment.defaultCore); \
      with --key the store's).
      """)
  var blasCore: String?
  @Option(
    help: """
      Write the trained parameters to this file, in the safetensors format and under the names of \
      PyTorch modules: encoder.0.weight, mu.bias, decoder.0.weight.
      """)
  var weights: String?
  @Option(
    parsing: .unconditional,
    help: """
      Tell the negative log likelihood of the test images too, importance-sampled with so many draws \
      for each (a multiple of 5), the mutual information of image and code, and how many latents are \
      active, mixed and passive. On grey pixels it is a bound and no likelihood (see --binarize).
      """, transform: NumberOption.whole(Likelihood.Effort.drawsRange)) var likelihood: Int?
  @Option(
    parsing: .unconditional, help: "Only of the first so many test images (default: all).",
    transform: NumberOption.whole(Likelihood.Effort.imagesRange)) var likelihoodImages: Int?
  @Flag(help: "Include every epoch in the output.") var history = false
  @Option(help: "Keep what the run's pictures are made of in this folder, a file for each kind.")
  var pictures: String?
  @OptionGroup(title: "Train keys") var train: TrainOptions
  @OptionGroup var data: DataOptions
  @OptionGroup var output: FormatOptions

  func run() throws {
    let source = try readSource()
    let effort = try likelihoodEffort(of: source.point.configuration)
    try ThisProgram.ensure(blasCore: source.blasCore)
    if let pictures { try makeFolder(pictures) }
    let file = try weights.map { path throws(CommandError) in try WeightsFile(path) }
    let prepared = try source.dataset(data)
    do throws(InvalidValue) {
      try prepared.input.require(source.point.configuration.architecture)
    } catch {
      throw CommandError.badInput(error)
    }
    if case .new = source { sayCutShort(source.point.configuration, of: prepared.trainCount) }
    guard let digest = Digest(hex: prepared.digest) else {
      throw CommandError.failure("the dataset's digest is not one: \(prepared.digest)")
    }
    let training: PointTraining
    do {
      training = PointTraining(
        key: source.point.key(dataset: digest, trainerVersion: Trainer.version),
        point: source.point, dataset: try prepared.open(), host: HostIdentity.measure(),
        keeping: (pictures == nil ? [] : ArtifactKind.allPictures)
          .union(effort.map { [.likelihood($0)] } ?? []))
    } catch {
      throw CommandError.badInput(error)
    }
    var display = TrainingDisplay()
    var tensors: [NamedTensor] = []
    let outcome: Outcome
    let receipt: Receipt
    let artifacts: [Artifact]
    do throws(TrainingError) {
      let trained = try training.run(
        finished: { trainer in
          if file != nil { tensors = trainer.tensors }
        },
        observe: { progress, _ in display.show(progress) })
      guard let trained else { return }
      display.end()
      (outcome, receipt, artifacts) = trained
    } catch {
      throw CommandError.of(error)
    }
    // Nothing is written of a point that is not the store's.
    try Output.write(render(outcome.adding(artifacts), receipt))
    if case .stored(let kept, _) = source { try kept.compare(outcome, receipt) }
    try writeArtifacts(artifacts)
    try file?.write(tensors, of: outcome, dataset: digest)
  }

  /// What the options ask for: a new point, or one of a store.
  private func readSource() throws(CommandError) -> TrainSource {
    switch (key, store) {
    case (nil, nil):
      return .new(
        try readPoint(), dataset: dataset ?? "mnist",
        blasCore: blasCore ?? TrainerEnvironment.defaultCore)
    case (let key?, let store?):
      let isGiven = [initSeed, orderSeed, noiseSeed, seed].contains { $0 != nil }
      guard architecture == nil, !isGiven, !train.isAnyGiven else {
        throw .badInput(
          "--key: the store says what the point is: leave out --architecture, the seeds and the "
            + "train keys")
      }
      let results = try StoredResults(store)
      try results.requireTrainer()
      return .stored(
        try StoredPoint(key, in: results),
        TrainSource.Choice(dataset: dataset, blasCore: blasCore))
    case (nil, _?): throw .badInput("--store: the point is missing: --key")
    case (_?, nil): throw .badInput("--key: its store is missing: --store")
    }
  }

  /// Cycles of the KL term that come to less than they say.
  private func sayCutShort(_ configuration: Configuration, of trainCount: Int) {
    guard configuration.klWeight > 0, let steps = configuration.steps(of: trainCount),
      let words = KLSchedule.cutShort(cycles: configuration.klCycles, steps: steps)
    else { return }
    Console.say("warning: --kl-cycles: \(configuration.klCycles) \(words)")
  }

  private func makeFolder(_ path: String) throws(CommandError) {
    do throws(SystemError) {
      try Folder.make(path)
    } catch {
      throw .badInput("--pictures: \(error)")
    }
  }

  /// `codes.arrays` and so on; `NamedArrays` says what the bytes are.
  private func writeArtifacts(_ artifacts: [Artifact]) throws(CommandError) {
    guard let pictures else { return }
    for artifact in artifacts where artifact.kind.picture != nil {
      let path = "\(pictures)/\(artifact.kind.rawValue).arrays"
      do {
        try Data(artifact.data).write(to: URL(fileURLWithPath: path), options: .atomic)
      } catch {
        throw .failure("--pictures: cannot write \(path): \(error.localizedDescription)")
      }
    }
  }

  /// What `--likelihood` asks for.
  private func likelihoodEffort(of configuration: Configuration) throws(CommandError)
    -> Likelihood.Effort?
  {
    guard let likelihood else {
      guard likelihoodImages == nil else {
        throw .badInput("--likelihood-images: the number of draws is missing: --likelihood 1000")
      }
      return nil
    }
    guard let effort = Likelihood.Effort(checking: likelihood, images: likelihoodImages) else {
      throw .badInput(
        "--likelihood: \(likelihood) is no multiple of 5: the error is told by fifths")
    }
    guard configuration.sampling else {
      throw .badInput("--likelihood: without sampling codes have no density: leave it out")
    }
    return effort
  }

  private func render(_ outcome: Outcome, _ receipt: Receipt) -> String {
    let json = outcome.json(receipt: receipt, history: history)
    switch output.format {
    case .json: return json.pretty + "\n"
    case .csv:
      let export = OutcomeExport(.csv, history: history, withOptional: likelihood != nil)
      return export.header + export.line(outcome, receipt: receipt)
    case .table, .markdown:
      guard case .object(let members) = json else { return "" }
      let rows = members.map { [Cell.text($0.name), Cell(json: $0.value)] }
      return Table(columns: ["result", "value"], rows: rows).render(output.format)
    }
  }

  private func readPoint() throws(CommandError) -> Point {
    guard let initialization = initSeed ?? seed, let order = orderSeed ?? seed,
      let noise = noiseSeed ?? seed
    else { throw .badInput("--seed is missing (or --init-seed, --order-seed and --noise-seed)") }
    guard let architecture else {
      throw .badInput("--architecture is missing, such as 784-256-32-8-4 (or --key and --store)")
    }
    do {
      let shape = try Architecture(parsing: architecture)
      return Point(
        configuration: try train.configuration(shape),
        seeds: Seeds(initialization: initialization, order: order, noise: noise))
    } catch {
      throw .badInput(error)
    }
  }
}

/// Epoch after epoch on standard error.
private struct TrainingDisplay {
  private var lastShown: ContinuousClock.Instant?
  private var lastEpoch = 0

  /// Always true: nothing stops the run but a signal.
  mutating func show(_ progress: TrainingProgress) -> Bool {
    let now = ContinuousClock.now
    let loss = progress.ended.map { ", test total \(rounded($0.testTotal))" } ?? ""
    let text = "epoch \(progress.epoch)/\(progress.epochs)\(loss)"
    if Console.isTerminal {
      guard lastShown.map({ now - $0 >= .milliseconds(200) }) ?? true else { return true }
      lastShown = now
      let percent = 100 * progress.step / max(1, progress.steps)
      Console.showBar("\(text) (\(percent) %)")
    } else if progress.epoch != lastEpoch, lastShown.map({ now - $0 >= .seconds(10) }) ?? true {
      lastEpoch = progress.epoch
      lastShown = now
      Console.say(text)
    }
    return true
  }

  func end() { Console.endBar() }

  private func rounded(_ value: Double) -> String {
    String(format: "%.2f", value)
  }
}

extension Outcome {
  /// With the likelihood where it is among what was kept.
  fileprivate func adding(_ artifacts: [Artifact]) -> Outcome {
    for artifact in artifacts {
      guard case .likelihood = artifact.kind else { continue }
      return NamedArrays(data: artifact.data).flatMap(Likelihood.init).map(adding) ?? self
    }
    return self
  }
}
