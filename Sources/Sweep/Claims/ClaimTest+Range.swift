extension ClaimTest {
  /// Where a test's figure can lie.
  package struct Range: Hashable, Sendable {
    /// Both ends belong to it.
    package let values: ClosedRange<Double>
    /// What the figure is, for a reader: `a share of runs`.
    package let figure: String
  }

  /// Nil where any number can be the figure, as of a metric.
  ///
  /// - Parameter latents: How many each side has.
  package func range(latents: [Int]) -> Range? {
    switch self {
    case .mean, .median, .meanDifference, .pairedDifference, .effectDifference,
      .pairedEffectDifference:
      nil
    case .pairedShare: Range(values: 0...1, figure: "a share of seeds")
    case .sdRatio: Range(values: 0...Double.infinity, figure: "one sd over another")
    case .collapseShare: Range(values: 0...1, figure: "a share of runs")
    case .collapseShareDifference:
      Range(values: -1...1, figure: "the difference of two shares of runs")
    case .collapseCount:
      Range(
        values: 0...Double(latents[0]), figure: "a mean number of \(latents[0].of("latent"))")
    case .collapseCountDifference:
      Range(
        values: -Double(latents[1])...Double(latents[0]),
        figure: "the difference of mean numbers of \(latents[0]) and \(latents[1].of("latent"))")
    }
  }
}
