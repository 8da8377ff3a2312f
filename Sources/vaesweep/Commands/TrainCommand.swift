import ArgumentParser
import Dataset
import Foundation
import Sweep
import Tables
import VAE
import Worker

struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Train one point here, without a network or a store.")

  @Option(help: "Such as 784-256-32-8-4: input, hidden layers, latent dimension.")
  var architecture: String
  @Option(
    parsing: .unconditional, help: "Sets the three seeds that follow.",
    transform: NumberOption.seed) var seed: UInt32?
  @Option(parsing: .unconditional, help: "Initial weights.", transform: NumberOption.seed)
  var initSeed: UInt32?
  @Option(parsing: .unconditional, help: "Order of the images.", transform: NumberOption.seed)
  var orderSeed: UInt32?
  @Option(parsing: .unconditional, help: "Sampling noise.", transform: NumberOption.seed)
  var noiseSeed: UInt32?
  @Option(help: "mnist, fashion-mnist, digits, or a folder with the four IDX files.")
  var dataset = "mnist"
  @Option(help: "BLAS core that fixes the arithmetic, or native.")
  var blasCore = TrainerEnvironment.defaultCore
  @Flag(help: "Include every epoch in the output.") var history = false
  @Option(help: "Keep what the run's pictures are made of in this folder, a file for each kind.")
  var pictures: String?
  @OptionGroup(title: "Train keys") var train: TrainOptions
  @OptionGroup var data: DataOptions
  @OptionGroup var output: FormatOptions

  func run() throws {
    let point = try readPoint()
    try ThisProgram.ensure(blasCore: blasCore)
    if let pictures { try makeFolder(pictures) }
    let prepared = try data.prepareForTraining(dataset, allowFetch: data.data == nil)
    guard let digest = Digest(hex: prepared.digest) else {
      throw CommandError.failure("the dataset's digest is not one: \(prepared.digest)")
    }
    let training: PointTraining
    do {
      training = PointTraining(
        key: point.key(dataset: digest, trainerVersion: Trainer.version), point: point,
        dataset: try prepared.open(), host: HostIdentity.measure(),
        pictures: pictures == nil ? [] : Set(PictureKind.allCases))
    } catch {
      throw CommandError.badInput(error)
    }
    var display = TrainingDisplay()
    let text: String
    let kept: [Artifact]
    do throws(TrainingError) {
      guard
        let (outcome, receipt, artifacts) = try training.run(
          observe: { progress, _ in display.show(progress) })
      else {
        return
      }
      display.end()
      text = render(outcome, receipt)
      kept = artifacts
    } catch {
      throw CommandError.of(error)
    }
    try writeArtifacts(kept)
    try Output.write(text)
  }

  private func makeFolder(_ path: String) throws(CommandError) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw .badInput("--pictures: cannot make the folder \(path): \(error.localizedDescription)")
    }
  }

  /// `codes.arrays` and so on; `NamedArrays` says what the bytes are.
  private func writeArtifacts(_ artifacts: [Artifact]) throws(CommandError) {
    guard let pictures else { return }
    for artifact in artifacts {
      let path = "\(pictures)/\(artifact.kind.rawValue).arrays"
      do {
        try Data(artifact.data).write(to: URL(fileURLWithPath: path), options: .atomic)
      } catch {
        throw .failure("--pictures: cannot write \(path): \(error.localizedDescription)")
      }
    }
  }

  private func render(_ outcome: Outcome, _ receipt: Receipt) -> String {
    let json = outcome.json(receipt: receipt, history: history)
    switch output.format {
    case .json: return json.pretty + "\n"
    case .csv:
      let export = OutcomeExport(.csv, history: history)
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
    let loss = progress.lastTestTotal.map { ", test total \(rounded($0))" } ?? ""
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
