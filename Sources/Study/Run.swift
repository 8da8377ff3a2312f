package import Sweep
package import VAE

/// What statistics keep of the outcome of one point.
package struct Run: Hashable, Sendable {
  package let seeds: Seeds
  /// Empty where the run diverged.
  package let values: [Metric: Double]
  /// Var(μ) over the test set of each latent; nil without sampling and where the run diverged.
  package let latentVariances: [Double]?
  /// Mean KL of each latent in nats; nil without sampling and where the run diverged.
  package let latentKLs: [Double]?
  /// Hidden units that are zero on the whole test set, layer by layer; empty where the run diverged.
  package let deadUnits: [DeadUnits]
  /// How its likelihood was estimated; nil where it was not.
  package let likelihood: LikelihoodEstimate?

  package init(
    seeds: Seeds, values: [Metric: Double], latentVariances: [Double]? = nil,
    latentKLs: [Double]? = nil, deadUnits: [DeadUnits] = [],
    likelihood: LikelihoodEstimate? = nil
  ) {
    self.seeds = seeds
    self.values = values
    self.latentVariances = latentVariances
    self.latentKLs = latentKLs
    self.deadUnits = deadUnits
    self.likelihood = likelihood
  }

  package init(_ outcome: Outcome) {
    seeds = outcome.point.seeds
    var values: [Metric: Double] = [:]
    for metric in Metric.known {
      if let value = metric.value(of: outcome), value.isFinite { values[metric] = value }
    }
    self.values = values
    deadUnits = outcome.measurements?.deadUnits ?? []
    likelihood = outcome.measurements.flatMap { LikelihoodEstimate($0.study) }
    latentKLs =
      outcome.point.configuration.sampling ? outcome.measurements?.latents.map(\.kl) : nil
    latentVariances =
      outcome.point.configuration.sampling
      ? outcome.measurements?.latents.map(\.varMu) : nil
  }

  /// Latents with Var(μ) below `threshold`; nil where collapse has no meaning.
  package func collapsed(threshold: Double = collapseThreshold) -> Int? {
    latentVariances?.count { $0 < threshold }
  }

  /// Latents that carry less than `collapsedKL` nats; nil where collapse has no meaning.
  package var collapsedByKL: Int? { latentKLs?.count { $0 < collapsedKL } }
}

/// How the likelihood of a run was estimated, and how sure its figure is.
package struct LikelihoodEstimate: Hashable, Sendable {
  /// For each image.
  package let draws: Int
  /// The first so many of the test set.
  package let images: Int
  /// Monte-Carlo error of the bound, in nats.
  package let error: Double

  package init(draws: Int, images: Int, error: Double) {
    self.draws = draws
    self.images = images
    self.error = error
  }

  /// Nil where a run has none.
  init?(_ measures: StudyMeasures) {
    guard let draws = measures[.likelihoodDraws], let images = measures[.likelihoodImages],
      let error = measures[.nllError] ?? measures[.importanceBoundError]
    else { return nil }
    self.init(draws: Int(draws), images: Int(images), error: error)
  }
}

extension Seeds {
  /// In the order of the three seeds, so that runs are listed alike whenever they finished.
  package static func precedes(_ left: Seeds, _ right: Seeds) -> Bool {
    (left.initialization, left.order, left.noise) < (right.initialization, right.order, right.noise)
  }
}

extension Seeds {
  /// `seed 7`, or the three where they differ.
  package var words: String { Self.words([self]) }

  /// `seed 7`, `seeds 3, 14`; more than ten are counted.
  package static func words(_ all: [Seeds]) -> String {
    let most = 10
    let isPlain = all.count == 1 && all[0].shared != nil
    let rest = all.count > most ? " and \(all.count - most) more" : ""
    return (isPlain ? "seed " : "seeds ") + all.prefix(most).map(\.short).joined(separator: ", ")
      + rest
  }

  /// `7`, or `7/8/9` where they differ.
  private var short: String { shared.map { "\($0)" } ?? "\(initialization)/\(order)/\(noise)" }
}

/// Mean KL in nats below which a latent carries nothing: the second count beside Burda's.
///
/// Early in training Var(μ) cuts a continuum, KL does not: in the study it is at most 0.0063 nats where
/// a latent is unused, and 0.649 or more where it is used.
package let collapsedKL = 0.05

/// The thresholds on Var(μ) at which collapse is counted side by side.
package let shownCollapseThresholds = [0.001, 0.003, 0.01, 0.03, 0.1]
