package import Sweep
package import VAE

/// What statistics keep of the outcome of one point.
package struct Run: Hashable, Sendable {
  package let seeds: Seeds
  /// Empty where the run diverged.
  package let values: [Metric: Double]
  /// Var(μ) over the test set of each latent; nil without sampling and where the run diverged.
  package let latentVariances: [Double]?
  /// Hidden units that are zero on the whole test set, of all layers; nil where the run diverged.
  package let deadUnits: Int?

  package init(_ outcome: Outcome) {
    seeds = outcome.point.seeds
    var values: [Metric: Double] = [:]
    for metric in Metric.allCases {
      if let value = metric.value(of: outcome), value.isFinite { values[metric] = value }
    }
    self.values = values
    deadUnits = outcome.measurements.map { $0.deadUnits.reduce(0) { $0 + $1.count } }
    latentVariances =
      outcome.point.configuration.sampling
      ? outcome.measurements?.latents.map(\.varMu) : nil
  }

  /// Latents with Var(μ) below `threshold`; nil where collapse has no meaning.
  package func collapsed(threshold: Double = collapseThreshold) -> Int? {
    latentVariances?.count { $0 < threshold }
  }
}

extension Seeds {
  /// In the order of the three seeds, so that runs are listed alike whenever they finished.
  package static func precedes(_ left: Seeds, _ right: Seeds) -> Bool {
    (left.initialization, left.order, left.noise) < (right.initialization, right.order, right.noise)
  }
}

/// The thresholds on Var(μ) at which collapse is counted side by side (CLAIMS.md).
package let shownCollapseThresholds = [0.001, 0.003, 0.01, 0.03, 0.1]
