/// How one part of a claim is judged; the raw value is its name in a sweep file.
///
/// Each gives a figure with its interval: of one configuration, of the first less (or over) the
/// second, or of one such difference less another.
package enum ClaimTest: String, CaseIterable, Hashable, Sendable {
  case mean
  case median
  /// By Welch's t.
  case meanDifference = "mean_difference"
  /// Seed by seed, by the paired t.
  case pairedDifference = "paired_difference"
  /// The share of seeds at which a's value lies above b's, by the sign test: a run that lies far off
  /// counts as any other, where it would decide a mean. It tells a direction, and no size.
  case pairedShare = "paired_share"
  /// (a − b) less (than_a − than_b), all four independent.
  case effectDifference = "effect_difference"
  /// The same where a and b, and than_a and than_b, are paired by their seeds.
  case pairedEffectDifference = "paired_effect_difference"
  /// Of standard deviations, by permutation and jackknife.
  case sdRatio = "sd_ratio"
  /// Of the runs with any collapsed latent.
  case collapseShare = "collapse_share"
  case collapseShareDifference = "collapse_share_difference"
  /// Mean number of collapsed latents.
  case collapseCount = "collapse_count"
  case collapseCountDifference = "collapse_count_difference"

  /// Whether it judges a metric; the others judge collapse.
  package var readsMetric: Bool {
    switch self {
    case .mean, .median, .meanDifference, .pairedDifference, .pairedShare, .effectDifference,
      .pairedEffectDifference, .sdRatio:
      true
    case .collapseShare, .collapseShareDifference, .collapseCount, .collapseCountDifference: false
    }
  }

  /// Whether runs are held together seed by seed, which takes one architecture.
  package var isPaired: Bool {
    switch self {
    case .pairedDifference, .pairedShare, .pairedEffectDifference: true
    case .mean, .median, .meanDifference, .effectDifference, .sdRatio, .collapseShare,
      .collapseShareDifference, .collapseCount, .collapseCountDifference:
      false
    }
  }

  /// The keys that name its configurations, in the order of `ClaimPart.sides`.
  package var sideKeys: [String] {
    switch self {
    case .mean, .median, .collapseShare, .collapseCount: ["of"]
    case .meanDifference, .pairedDifference, .pairedShare, .sdRatio, .collapseShareDifference,
      .collapseCountDifference:
      ["a", "b"]
    case .effectDifference, .pairedEffectDifference: ["a", "b", "than_a", "than_b"]
    }
  }
}
