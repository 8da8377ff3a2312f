import VAE

// A new measure: its entry here, with the next version of results in `since` (none where it is
// optional), and its measurement. Nothing else names it.

private let testLosses =
  "Losses over the test set in nats per image. `test_reconstruction_at_mean` is the reconstruction "
  + "loss at z = μ, with sampling and without."

private let codes =
  "Energy distance of aggregate codes (one draw of z for each image) to draws from N(0, I), in its "
  + "unbiased form, which may be negative: 0 where they are alike, so that **less of it is better**, against what the word suggests. Whitened: after "
  + "the codes are brought to mean 0 and unit covariance, what is left is their shape alone. A "
  + "collapsed latent is nearest to the prior of all: read it beside the number of collapsed latents."

private let density =
  "Density of decoded draws about the test images: how far what is generated lies where images lie; 1 "
  + "where both are distributed alike, above 1 where draws crowd in the thick of the images, and "
  + "highest where all draws are one mean image: `generation_coverage` tells which net generates better."

private let variety =
  "Share of the test images that have a decoded draw near by, from 0 to 1: how much of the variety of "
  + "images is generated. The ending `_fitted` marks draws from a Gaussian fitted to the training "
  + "codes instead of N(0, I), without sampling only."

private let radii =
  "Median over the test images of r = (Πⱼ σⱼ²)^(1/2d), the mean radius of a code’s cloud, before the "
  + "first step and after five epochs, and the second over the first; with sampling only. A ratio far "
  + "below 1 says that clouds shrank."

private let codeVariances =
  "The smallest and the largest variance of a latent’s aggregate posterior (Var(μ) plus, with "
  + "sampling, the mean of σ²): of the latent that is furthest off, as latents are not told apart "
  + "between runs."

private let likelihood =
  "Importance-sampled negative log likelihood of the test images (Burda and others 2016), where "
  + "`measures: [likelihood]` asks for it: in the mean an upper bound, nearer the more draws. On grey "
  + "pixels, and with the squared error, the loss is no likelihood: there the same figure is called "
  + "`importance_bound`, with the KL term at weight 1 whatever `kl_weight` is. The ending `_error` marks the "
  + "Monte-Carlo error by fifths of the draws, which leaves out by how much the bound is too high."

private let information =
  "Mutual information of image and code in nats: the mean KL to the prior less the KL of the "
  + "aggregate code to it, at one draw for each test image: in the mean at most the log of their "
  + "number, so that it is too small where codes hardly overlap, and as uncertain as one draw each "
  + "leaves it."

private let uses =
  "Latents by what they do: active (Var(μ) ≥ 0.01 and mean σ² < 0.9), passive (neither), mixed (one "
  + "of the two)."

extension OutcomeField {
  private static func loss(
    _ name: String, _ title: MetricTitle? = nil, direction: Direction = .lower,
    restoration: Restoration = .fromTheRest, help: String = testLosses,
    _ read: @escaping @Sendable (Outcome) -> Double?
  ) -> OutcomeField {
    OutcomeField(
      name, .real(read), unit: .natsPerImage, direction: direction,
      places: title == nil ? .stored : [.stored, .metric], restoration: restoration, title: title,
      help: help)
  }

  private static func derived(
    _ name: String, _ title: MetricTitle, direction: Direction, help: String,
    scope: Scope = Scope(),
    _ read: @escaping @Sendable (Outcome) -> Double?
  ) -> OutcomeField {
    OutcomeField(
      name, .real(read), direction: direction, places: .metric, title: title, help: help,
      scope: scope)
  }

  /// How many latents are put to this use, of a run whose likelihood was asked for.
  private static func latents(_ use: LatentUse, _ words: String) -> OutcomeField {
    OutcomeField(
      "\(use.rawValue)_latents",
      .whole { outcome in
        guard let final = outcome.measurements, final.study[.likelihoodDraws] != nil else {
          return nil
        }
        return final.latents.count { $0.use == use }
      }, since: nil, places: [.json, .metric], title: MetricTitle(words, .likelihood), help: uses,
      scope: Scope(sampling: true))
  }

  private static let training = "The same over the training images after the last epoch."

  /// Every field, in the order of an outcome's JSON; behind them what is made of them for metrics.
  package static let standard: [OutcomeField] = [
    OutcomeField(
      "status", .text { $0.status.rawValue }, help: "`ok`, or `diverged`: a result, not an error."),
    OutcomeField(
      "diverged_epoch", .whole { $0.divergedEpoch },
      help: "The epoch in which NaN or infinity appeared, counted from 1."),
    loss(
      "train_running_total",
      help: "Mean minibatch loss of the last epoch, the number Keras and PyTorch scripts print."
    ) { $0.result.history.last?.trainRunningTotal },
    loss(
      "train_total", MetricTitle("training loss after the last epoch", .trainingLoss),
      restoration: .number(\.train.total), help: training
    ) {
      $0.measurements?.train.total
    },
    loss(
      "train_reconstruction", restoration: .number(\.train.reconstruction),
      help: training
    ) { $0.measurements?.train.reconstruction },
    loss("train_kl", direction: .neither, restoration: .number(\.train.kl), help: training) {
      $0.measurements?.train.kl
    },
    loss("test_total", MetricTitle("test loss after the last epoch", .testLosses)) {
      $0.result.history.last?.test.total
    },
    loss("test_total_last5", MetricTitle("test loss, mean of the last five epochs", .testLosses)) {
      $0.testTotalLast5
    },
    loss("test_reconstruction", MetricTitle("reconstruction part of the test loss", .testLosses)) {
      $0.result.history.last?.test.reconstruction
    },
    // A net whose latents have all collapsed has the least.
    loss("test_kl", MetricTitle("KL part of the test loss", .testLosses), direction: .neither) {
      $0.result.history.last?.test.kl
    },
    loss(
      "test_reconstruction_at_mean",
      MetricTitle("test reconstruction at the mean code, z = μ", .testLosses)
    ) { $0.result.history.last?.testReconstructionAtMean },

    OutcomeField(
      measure: .coverage, MetricTitle("energy distance of the codes to the prior", .codes),
      direction: .lower, since: 1, help: codes),
    OutcomeField(
      measure: .coverageWhitened,
      MetricTitle("energy distance of the whitened codes to the prior", .codes), direction: .lower,
      since: 1, help: codes),
    OutcomeField(
      measure: .generationDensity,
      MetricTitle("density of decoded draws about the test images", .generation),
      direction: .neither, since: 1, help: density),
    OutcomeField(
      measure: .generationCoverage,
      MetricTitle("share of the test images covered by decoded draws", .generation),
      direction: .higher, since: 1, help: variety),
    OutcomeField(
      measure: .generationDensityFitted,
      MetricTitle("density of draws from a Gaussian fitted to the codes", .generation),
      direction: .neither, since: 1, help: density,
      scope: Scope(sampling: false)),
    OutcomeField(
      measure: .generationCoverageFitted,
      MetricTitle("share covered by draws from a Gaussian fitted to the codes", .generation),
      direction: .higher, since: 1, help: variety,
      scope: Scope(sampling: false)),
    OutcomeField(
      measure: .radiusStart, MetricTitle("radius before the first step", .radii),
      direction: .neither, since: 1, help: radii,
      scope: Scope(sampling: true)),
    OutcomeField(
      measure: .radiusAfter5, MetricTitle("radius after five epochs", .radii), direction: .neither,
      since: 1, help: radii,
      scope: Scope(sampling: true, epochs: 5)),

    OutcomeField(
      asked: .nll, MetricTitle("negative log likelihood of the test images", .likelihood),
      unit: .natsPerImage, direction: .lower, help: likelihood, isLikelihood: true),
    OutcomeField(asked: .nllError, help: likelihood, isLikelihood: true),
    OutcomeField(
      asked: .importanceBound,
      MetricTitle("importance-weighted bound, no likelihood", .likelihood), unit: .natsPerImage,
      direction: .lower, help: likelihood, isLikelihood: false),
    OutcomeField(asked: .importanceBoundError, help: likelihood, isLikelihood: false),
    OutcomeField(
      asked: .mutualInformation, MetricTitle("mutual information of image and code", .likelihood),
      help: information),
    latents(.active, "latents that speak of the image"),
    latents(.mixed, "latents that are neither active nor passive"),
    latents(.passive, "latents that are the prior"),
    OutcomeField(asked: .likelihoodDraws, help: likelihood),
    OutcomeField(asked: .likelihoodImages, help: likelihood),

    OutcomeField(
      "collapsed", .whole { $0.collapsed() },
      help: "Latents with Var(μ) < 0.01; with sampling only."),
    OutcomeField(
      "latents", .json { $0.measurements.map { .array($0.latents.map(\.json)) } }, places: .json,
      help: "Of each latent its variance, KL and gain over the test set."),
    OutcomeField(
      "dead_units", .json { $0.measurements.map { .object($0.deadUnits.map(\.member)) } },
      help: "Of each hidden layer the units that are 0 on the whole test set."),
    OutcomeField(
      "digest", .text { $0.measurements?.digest },
      help: "SHA-256 of the final parameters."),

    derived(
      "radius_ratio",
      MetricTitle("radius after five epochs over that before the first step", .radii),
      direction: .neither, help: radii, scope: Scope(sampling: true, epochs: 5)
    ) { outcome in
      guard let study = outcome.measurements?.study, let after = study[.radiusAfter5],
        let start = study[.radiusStart], start > 0
      else { return nil }
      return after / start
    },
    derived(
      "code_mean_largest",
      MetricTitle("largest distance of a latent’s mean from zero", .codes), direction: .nearerTo(0),
      help: "The largest distance of a latent’s mean over the test set from zero."
    ) { $0.measurements?.latents.map { abs($0.meanMu) }.max() },
    derived(
      "code_variance_smallest", MetricTitle("smallest variance of a latent’s codes", .codes),
      direction: .nearerTo(1), help: codeVariances
    ) {
      $0.measurements?.latents.map(\.aggregateVariance).min()
    },
    derived(
      "code_variance_largest", MetricTitle("largest variance of a latent’s codes", .codes),
      direction: .nearerTo(1), help: codeVariances
    ) {
      $0.measurements?.latents.map(\.aggregateVariance).max()
    },
  ]
}
