package import Sweep
import VAE

/// A number that every run ends with, in nats per image; the name is the one users read.
package enum Metric: String, CaseIterable, Hashable, Sendable {
  /// The final error of the study: the mean of test_total over the last five epochs.
  case testTotalLast5 = "test_total_last5"
  case testTotal = "test_total"
  case testReconstruction = "test_reconstruction"
  case testKL = "test_kl"
  /// With z = μ: the one to compare runs with and without sampling by.
  case testReconstructionAtMean = "test_reconstruction_at_mean"
  case trainTotal = "train_total"

  /// The value of one run; nil where it diverged.
  package func value(of outcome: Outcome) -> Double? {
    guard let measurements = outcome.measurements, let last = outcome.result.history.last
    else { return nil }
    return switch self {
    case .testTotalLast5: outcome.testTotalLast5
    case .testTotal: last.test.total
    case .testReconstruction: last.test.reconstruction
    case .testKL: last.test.kl
    case .testReconstructionAtMean: last.testReconstructionAtMean
    case .trainTotal: measurements.train.total
    }
  }
}
