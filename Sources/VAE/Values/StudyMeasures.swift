/// The name of what a run is measured by beyond its losses, in JSON, CSV and SQL.
///
/// Every one is a number without a unit of its own; which runs have it, and what it says, stands in the
/// catalogue of outcome fields. Where it could not be taken it is missing, never NaN.
package struct StudyMeasure: RawRepresentable, Hashable, Sendable {
  package let rawValue: String

  package init(rawValue: String) { self.rawValue = rawValue }
}

extension StudyMeasure {
  /// Energy distance of the aggregate codes to N(0, I): how well the prior is covered.
  ///
  /// 0 in the mean where they are such draws. Up to 512 latents.
  package static let coverage = StudyMeasure(rawValue: "coverage")
  /// The same of the codes with their mean taken off and their covariance made I: the shape alone.
  ///
  /// Missing where their covariance is singular. The two estimates bring it nearer to 0, by some 1/n.
  package static let coverageWhitened = StudyMeasure(rawValue: "coverage_whitened")
  /// Density (Naeem and others 2020, k = 5) of decoded draws from N(0, I) against the test images.
  ///
  /// Both in the 50 principal components of the training images. Missing with five test images or
  /// fewer, as are the three that follow.
  package static let generationDensity = StudyMeasure(rawValue: "generation_density")
  /// Coverage of the test images by the same draws.
  package static let generationCoverage = StudyMeasure(rawValue: "generation_coverage")
  /// The two with draws from the Gaussian fitted to the training codes; without sampling only.
  package static let generationDensityFitted = StudyMeasure(rawValue: "generation_density_fitted")
  package static let generationCoverageFitted = StudyMeasure(rawValue: "generation_coverage_fitted")
  /// Median over the test images of r = (Πⱼ σⱼ²)^(1/2d) before the first step; with sampling only.
  package static let radiusStart = StudyMeasure(rawValue: "radius_start")
  /// The same at the end of epoch 5; with sampling and at least five epochs only.
  package static let radiusAfter5 = StudyMeasure(rawValue: "radius_after_5")
  /// What `Likelihood` says, of runs of which it was asked for: its bound, where it is one on the
  /// likelihood.
  package static let nll = StudyMeasure(rawValue: "nll")
  package static let nllError = StudyMeasure(rawValue: "nll_error")
  /// The same where the loss is no likelihood.
  package static let importanceBound = StudyMeasure(rawValue: "importance_bound")
  package static let importanceBoundError = StudyMeasure(rawValue: "importance_bound_error")
  package static let mutualInformation = StudyMeasure(rawValue: "mutual_information")
  package static let likelihoodDraws = StudyMeasure(rawValue: "likelihood_draws")
  package static let likelihoodImages = StudyMeasure(rawValue: "likelihood_images")
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

  /// The measures that there are.
  package var measures: [StudyMeasure] { values.keys.sorted { $0.rawValue < $1.rawValue } }
}
