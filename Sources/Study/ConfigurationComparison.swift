package import Sweep
import VAE

/// Two configurations, compared in every way this program knows; first less second throughout.
///
/// Exploratory: intervals and q values, no verdict. Inference is over seeds, given this split into
/// training and test images.
package struct ConfigurationComparison: Sendable {
  package let first: ConfigurationRuns
  package let second: ConfigurationRuns
  package let metric: Metric
  package let collapseThreshold: Double
  package let resampling: Resampling

  /// The difference of means, by Welch.
  package let mean: Estimate?
  /// Why runs do not stand for themselves: in a nested design the mean of each level does, in a crossed
  /// one, and where no seed varies, nothing does; nil where they are independent.
  package let dependence: String?
  /// The same run by run; nil unless the architecture is the same and seeds are shared.
  package let paired: PairedComparison?
  package let order: OrderComparison?
  package let spread: SpreadComparison?
  /// Nil unless few runs make most of the spread of a side.
  package let spreadCaution: SpreadCaution?
  /// Runs with any collapsed latent; nil unless both are sampled.
  package let anyCollapse: ShareComparison?
  /// The mean number of collapsed latents; nil unless both are sampled.
  package let collapsed: CountComparison?

  package init(
    _ first: ConfigurationRuns, _ second: ConfigurationRuns, metric: Metric = .testTotalLast5,
    collapseThreshold: Double = Sweep.collapseThreshold, resampling: Resampling = .standard
  ) throws(NotComparable) {
    guard first.configuration != second.configuration else {
      throw NotComparable(description: "a configuration can't be compared with itself")
    }
    try metric.requireExisting(first.configuration, second.configuration)
    try metric.requireComparable(first.configuration, second.configuration)
    self.first = first
    self.second = second
    self.metric = metric
    self.collapseThreshold = collapseThreshold
    self.resampling = resampling
    let (left, right) = (first.units(metric), second.units(metric))
    let sides = [first, second]
    dependence = sides.compactMap(\.standing.words).first
    mean = .welch(left, right)
    order = OrderComparison(left, right)
    let spread = SpreadComparison(left, right, resampling: resampling)
    self.spread = spread
    let hasRareMode = sides.contains { runs in
      runs.variance(of: metric, collapseThreshold: collapseThreshold)?.rareModes.isEmpty == false
    }
    spreadCaution = spread.flatMap {
      SpreadCaution($0, of: left, right, hasRareMode: hasRareMode)
    }
    paired =
      first.configuration.architecture == second.configuration.architecture
      ? PairedComparison(
        PairedComparison.pairs(
          first.values(metric), second.values(metric),
          sampling: sides.contains(where: \.configuration.sampling)), resampling: resampling)
      : nil
    // Wilson, Boschloo and the permutation of counts need runs that are independent.
    if dependence == nil, let own = first.collapsed(threshold: collapseThreshold),
      let other = second.collapsed(threshold: collapseThreshold)
    {
      anyCollapse = ShareComparison(
        CollapseSummary(counts: own).any, CollapseSummary(counts: other).any)
      collapsed = CountComparison(own, other, resampling: resampling)
    } else {
      anyCollapse = nil
      collapsed = nil
    }
  }

  /// One question that was asked, with the p value of its test; Brown–Forsythe and the paired t
  /// stand beside and are not counted.
  package enum Question: String, CaseIterable, Hashable, Sendable {
    case mean
    case pairedMean = "paired_mean"
    case order
    case spread
    case anyCollapse = "any_collapse"
    case collapsedCount = "collapsed_count"
  }

  /// The two-sided p value of the test that answers `question`.
  package func pValue(_ question: Question) -> Double? {
    switch question {
    case .mean: mean?.pValue()
    // So few pairs that no flip of signs could reject: the interval stands alone.
    case .pairedMean: paired.flatMap { $0.canReject ? $0.signFlip : nil }
    case .order: order?.pValue
    case .spread: spread?.pValue
    case .anyCollapse: anyCollapse?.pValue
    case .collapsedCount: collapsed?.pValue
    }
  }

  /// Benjamini & Hochberg's q of each question, over all that have a p value.
  package var qValues: [Question: Double] {
    let questions = Question.allCases
    let q = MultipleTests.benjaminiHochberg(questions.map(pValue))
    var values: [Question: Double] = [:]
    for (question, value) in zip(questions, q) { values[question] = value }
    return values
  }
}
