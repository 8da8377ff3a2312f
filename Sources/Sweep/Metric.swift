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
  /// radius_after_5 / radius_start.
  case radiusRatio = "radius_ratio"
  // Of the latent that is furthest off, as latents are not told apart between runs: whether the
  // aggregate codes are like the prior.
  /// The largest distance of a latent's mean from zero.
  case codeMeanLargest = "code_mean_largest"
  /// The smallest and the largest variance of a latent's aggregate posterior.
  case codeVarianceSmallest = "code_variance_smallest"
  case codeVarianceLargest = "code_variance_largest"

  /// Whether it is an error of the model, in nats per image; the others have no unit.
  package var isLoss: Bool {
    switch self {
    case .testTotalLast5, .testTotal, .testReconstruction, .testKL, .testReconstructionAtMean,
      .trainTotal:
      true
    default: false
    }
  }

  /// The study's measure of this name; nil where it is a loss or is derived from others.
  package var study: StudyMeasure? { StudyMeasure(rawValue: rawValue) }

  /// What its values are counted in: a loss in nats per image, a measure of the study in nothing.
  package var unit: String? { isLoss ? "nats per image" : nil }

  /// Its name with its unit: `test_total in nats per image`.
  package var withUnit: String { rawValue + (unit.map { " in \($0)" } ?? "") }

  /// ` nats`, or nothing: what stands behind its values in a sentence.
  package var suffix: String { isLoss ? " nats" : "" }

  /// Digits after the point that tell two runs apart.
  package var decimals: Int { isLoss ? 2 : 4 }

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
    case .radiusRatio:
      measurements.study[.radiusAfter5].flatMap { after in
        measurements.study[.radiusStart].flatMap { $0 > 0 ? after / $0 : nil }
      }
    case .codeMeanLargest: measurements.latents.map { abs($0.meanMu) }.max()
    case .codeVarianceSmallest: measurements.latents.map(\.aggregateVariance).min()
    case .codeVarianceLargest: measurements.latents.map(\.aggregateVariance).max()
    }
  }
}
