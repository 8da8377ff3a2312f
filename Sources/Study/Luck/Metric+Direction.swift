package import Sweep

extension Metric {
  /// Which values are the better ones.
  package enum Direction: Hashable, Sendable {
    case lower
    case higher
    /// Neither, for this reason.
    case none(String)
  }

  package var direction: Direction {
    switch self {
    case .testTotalLast5, .testTotal, .testReconstruction, .testKL, .testReconstructionAtMean,
      .trainTotal, .coverage, .coverageWhitened, .codeMeanLargest:
      .lower
    case .generationCoverage, .generationCoverageFitted: .higher
    case .generationDensity, .generationDensityFitted:
      .none(
        "a density is no better when it is higher: draws that are all alike can have the largest; "
          + "generation_coverage tells which generates better")
    case .radiusStart, .radiusAfter5, .radiusRatio, .codeVarianceSmallest, .codeVarianceLargest:
      .none("neither larger nor smaller values of it are better")
    }
  }
}
