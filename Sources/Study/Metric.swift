package import Sweep
package import VAE

/// A number that a run ends with; the name is the one users read.
package enum Metric: String, CaseIterable, Hashable, Sendable {
  /// The final error of the study: the mean of test_total over the last five epochs.
  case testTotalLast5 = "test_total_last5"
  case testTotal = "test_total"
  case testReconstruction = "test_reconstruction"
  case testKL = "test_kl"
  /// With z = μ: the one to compare runs with and without sampling by.
  case testReconstructionAtMean = "test_reconstruction_at_mean"
  case trainTotal = "train_total"
  // The study's measures: see `StudyMeasure`.
  case coverage
  case coverageWhitened = "coverage_whitened"
  case generationDensity = "generation_density"
  case generationCoverage = "generation_coverage"
  case generationDensityFitted = "generation_density_fitted"
  case generationCoverageFitted = "generation_coverage_fitted"
  case radiusStart = "radius_start"
  case radiusAfter5 = "radius_after_5"

  /// The study's measure of this name; nil where it is a loss.
  package var study: StudyMeasure? { StudyMeasure(rawValue: rawValue) }

  /// What its values are counted in: a loss in nats per image, a measure of the study in nothing.
  package var unit: String? { study == nil ? "nats per image" : nil }

  /// Its name with its unit: `test_total in nats per image`.
  package var withUnit: String { rawValue + (unit.map { " in \($0)" } ?? "") }

  /// ` nats`, or nothing: what stands behind its values in a sentence.
  package var suffix: String { study == nil ? " nats" : "" }

  /// Digits after the point that tell two runs apart.
  package var decimals: Int { study == nil ? 2 : 4 }

  /// The value of one run; nil where it diverged, or has no such value.
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
    case .coverage, .coverageWhitened, .generationDensity, .generationCoverage,
      .generationDensityFitted, .generationCoverageFitted, .radiusStart, .radiusAfter5:
      study.flatMap { measurements.study[$0] }
    }
  }
}
