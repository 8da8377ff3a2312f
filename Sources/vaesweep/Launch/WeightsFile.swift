import Sweep
import VAE
import Worker

/// The file of `train --weights`.
struct WeightsFile {
  private let file: OutputFile

  /// - Throws: Bad input where it cannot be written there: said before the training.
  init(_ path: String) throws(CommandError) {
    file = try OutputFile(path, as: .weights)
  }

  /// - Throws: A failure where the run diverged: its parameters are no model.
  func write(_ tensors: [NamedTensor], of outcome: Outcome, dataset: Digest) throws(CommandError) {
    guard let measurements = outcome.measurements else {
      throw .failure(
        "--weights: the run diverged in epoch \(outcome.divergedEpoch ?? 0), so there is no model to "
          + "write")
    }
    let configuration = outcome.point.configuration
    let bytes = SafetensorsFile.bytes(
      tensors,
      metadata: [
        ("format", "pt"), ("key", outcome.key.description),
        ("architecture", configuration.architecture.description),
        ("activation", configuration.activation.rawValue),
        ("loss", configuration.loss.rawValue), ("digest", measurements.digest),
        ("result_digest", outcome.resultDigest.hex), ("dataset_digest", dataset.hex),
        ("trainer_version", "\(Trainer.version)"), ("version", programVersion),
      ])
    try file.write(bytes)
    Console.say("\(file.path): \(tensors.count.of("tensor"))")
  }
}
