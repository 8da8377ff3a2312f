package import VAE

/// A number that a run ends with and that runs are compared by; the name is the one users read.
package struct Metric: RawRepresentable, CaseIterable, Hashable, Sendable {
  package let field: OutcomeField

  package var rawValue: String { field.name }

  /// The metric of this name; nil where the catalogue has none.
  package init?(rawValue name: String) {
    guard let field = OutcomeField.named(name), field.places.contains(.metric) else { return nil }
    self.field = field
  }

  private init(_ field: OutcomeField) { self.field = field }

  /// Every metric but those that a sweep must ask for: the losses that a summary begins with, then the
  /// others as the catalogue has them.
  package static var allCases: [Metric] { OutcomeField.catalogue.metrics }

  /// Those of the optional measures: runs have them of which a sweep asked for them.
  package static var optional: [Metric] { OutcomeField.catalogue.optionalMetrics }

  package static var known: [Metric] { allCases + optional }

  static func inOrder(_ fields: [OutcomeField]) -> [Metric] {
    let metrics = fields.filter { $0.places.contains(.metric) }
    let first = leading.compactMap { name in metrics.first { $0.name == name } }
    return (first + metrics.filter { !leading.contains($0.name) }).map(Metric.init)
  }

  private static let leading = [
    "test_total_last5", "test_total", "test_reconstruction", "test_kl",
    "test_reconstruction_at_mean", "train_total",
  ]

  /// The final error of the study: the mean of test_total over the last five epochs.
  package static let testTotalLast5 = named("test_total_last5")
  package static let testTotal = named("test_total")
  package static let testReconstruction = named("test_reconstruction")
  package static let testKL = named("test_kl")
  /// With z = μ: the one to compare runs with and without sampling by.
  package static let testReconstructionAtMean = named("test_reconstruction_at_mean")
  package static let trainTotal = named("train_total")
  package static let coverage = named("coverage")
  package static let coverageWhitened = named("coverage_whitened")
  package static let generationDensity = named("generation_density")
  package static let generationCoverage = named("generation_coverage")
  package static let generationDensityFitted = named("generation_density_fitted")
  package static let generationCoverageFitted = named("generation_coverage_fitted")
  package static let radiusStart = named("radius_start")
  package static let radiusAfter5 = named("radius_after_5")
  /// radius_after_5 / radius_start.
  package static let radiusRatio = named("radius_ratio")
  package static let codeMeanLargest = named("code_mean_largest")
  package static let codeVarianceSmallest = named("code_variance_smallest")
  package static let codeVarianceLargest = named("code_variance_largest")

  /// For code that needs one metric by name; that the standard catalogue has it a test sees to.
  private static func named(_ name: String) -> Metric {
    let field = OutcomeField.standard.first { $0.name == name }
    return Metric(field ?? OutcomeField(name, .real { _ in nil }, places: .metric))
  }

  /// Whether it is an error of the model, in nats per image; the others have no unit.
  package var isLoss: Bool { field.unit == .natsPerImage }

  /// The study's measure of this name; nil where it is a loss or is derived from others.
  package var study: StudyMeasure? { field.restoration.measure }

  /// What its values are counted in: a loss in nats per image, a measure of the study in nothing.
  package var unit: String? { field.unit?.words }

  /// Its name with its unit: `test_total in nats per image`.
  package var withUnit: String { rawValue + (unit.map { " in \($0)" } ?? "") }

  /// ` nats`, or nothing: what stands behind its values in a sentence.
  package var suffix: String { isLoss ? " nats" : "" }

  /// Digits after the point that tell two runs apart.
  package var decimals: Int { isLoss ? 2 : 4 }

  /// The value of one run; nil where it diverged, or has no such value.
  package func value(of outcome: Outcome) -> Double? {
    guard outcome.status == .ok, !outcome.result.history.isEmpty else { return nil }
    return field.number(of: outcome)
  }
}
