import Figures
import Sweep

/// What the page calls its measures, and which of them belong together.
enum MetricNames {
  struct Group: Sendable {
    let title: String
    let metrics: [(name: String, words: String)]
  }

  static let groups = [
    Group(
      title: "Losses over the test images",
      metrics: [
        ("test_total_last5", "test loss, mean of the last five epochs"),
        ("test_total", "test loss after the last epoch"),
        ("test_reconstruction", "reconstruction part of the test loss"),
        ("test_kl", "KL part of the test loss"),
        ("test_reconstruction_at_mean", "test reconstruction at the mean code, z = μ"),
      ]),
    Group(
      title: "Loss over the training images",
      metrics: [("train_total", "training loss after the last epoch")]),
    Group(
      title: "Codes against the prior",
      metrics: [
        ("coverage", "energy distance of the codes to the prior"),
        ("coverage_whitened", "energy distance of the whitened codes to the prior"),
        ("code_mean_largest", "largest distance of a latent’s mean from zero"),
        ("code_variance_smallest", "smallest variance of a latent’s codes"),
        ("code_variance_largest", "largest variance of a latent’s codes"),
      ]),
    Group(
      title: "What is generated",
      metrics: [
        ("generation_density", "density of decoded draws about the test images"),
        ("generation_coverage", "share of the test images covered by decoded draws"),
        ("generation_density_fitted", "density of draws from a Gaussian fitted to the codes"),
        (
          "generation_coverage_fitted", "share covered by draws from a Gaussian fitted to the codes"
        ),
      ]),
    Group(
      title: "Likelihood",
      metrics: [
        ("nll", "negative log likelihood of the test images"),
        ("importance_bound", "importance-weighted bound on the test loss"),
        ("mutual_information", "mutual information of image and code"),
        ("active_latents", "latents that speak of the image"),
        ("mixed_latents", "latents that are neither active nor passive"),
        ("passive_latents", "latents that are the prior"),
      ]),
    Group(
      title: "Radii of the codes’ clouds",
      metrics: [
        ("radius_start", "radius before the first step"),
        ("radius_after_5", "radius after five epochs"),
        ("radius_ratio", "radius after five epochs over that before the first step"),
      ]),
  ]

  /// The metrics of each group, those that no group names last under a title of their own.
  static func grouped(_ metrics: [Metric]) -> [(title: String, metrics: [Metric])] {
    let named = groups.map { group in
      (
        title: group.title,
        metrics: group.metrics.compactMap { member in
          metrics.first { $0.rawValue == member.name }
        }
      )
    }
    let known = Set(named.flatMap(\.metrics))
    return (named + [(title: "Other measures", metrics: metrics.filter { !known.contains($0) })])
      .filter { !$0.metrics.isEmpty }
  }
}

extension Metric {
  /// Its long name; the short one where it has none.
  var words: String {
    MetricNames.groups.lazy.flatMap(\.metrics).first { $0.name == rawValue }?.words ?? rawValue
  }

  /// `lower is better`; empty where neither way is.
  var betterWords: String {
    switch field.direction {
    case .lower: "lower is better"
    case .higher: "higher is better"
    case .nearerTo(let value): "nearer to \(Int(value)) is closer to the prior"
    case .neither: "neither way is better"
    }
  }

  /// `test loss …, nats per image; lower is better`: under an axis.
  var axisTitle: String {
    "\(words) (\(unit.map { "\($0); " } ?? "")\(betterWords))"
  }
}
