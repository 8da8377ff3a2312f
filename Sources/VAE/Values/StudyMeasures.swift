/// What a run is measured by for the study's claims, beyond its losses.
///
/// The raw value is its name in JSON, CSV and SQL. Every one is a number without a unit; which runs
/// have it `applies` says, and where it could not be taken it is missing, never NaN.
package enum StudyMeasure: String, CaseIterable, Hashable, Sendable {
  /// Energy distance of the aggregate codes to N(0, I): how well the prior is covered; 0 in the mean
  /// where they are such draws. Up to 512 latents.
  case coverage
  /// The same of the codes with their mean taken off and their covariance made I: the shape alone.
  /// Missing where their covariance is singular. The two estimates bring it nearer to 0, by some 1/n.
  case coverageWhitened = "coverage_whitened"
  /// Density (Naeem and others 2020, k = 5) of decoded draws from N(0, I) against the test images,
  /// both in the 50 principal components of the training images. Missing with five test images or
  /// fewer, as are the three that follow.
  case generationDensity = "generation_density"
  /// Coverage of the test images by the same draws.
  case generationCoverage = "generation_coverage"
  /// The two with draws from the Gaussian fitted to the training codes; without sampling only.
  case generationDensityFitted = "generation_density_fitted"
  case generationCoverageFitted = "generation_coverage_fitted"
  /// Median over the test images of r = (Πⱼ σⱼ²)^(1/2d) before the first step; with sampling only.
  case radiusStart = "radius_start"
  /// The same at the end of epoch 5; with sampling and at least five epochs only.
  case radiusAfter5 = "radius_after_5"

  /// Whether a run of this configuration can have it.
  package func applies(to configuration: Configuration) -> Bool {
    switch self {
    case .coverage, .coverageWhitened, .generationDensity, .generationCoverage: true
    case .generationDensityFitted, .generationCoverageFitted: !configuration.sampling
    case .radiusStart: configuration.sampling
    case .radiusAfter5: configuration.sampling && configuration.epochs >= 5
    }
  }
}

/// The measures that one run has.
package struct StudyMeasures: Hashable, Sendable {
  private var values: [StudyMeasure: Double] = [:]

  package init() {}

  /// The value, or nil where there is none; one that is not finite is none.
  package subscript(measure: StudyMeasure) -> Double? {
    get { values[measure] }
    set { values[measure] = newValue.flatMap { $0.isFinite ? $0 : nil } }
  }
}
