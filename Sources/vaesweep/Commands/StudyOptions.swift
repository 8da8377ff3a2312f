import ArgumentParser
import Study
import Sweep

/// `--threshold`: when a latent counts as collapsed, settable after the fact.
struct ThresholdOption: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: "A latent with Var(μ) below this over the test set counts as collapsed.")
  var threshold: Double = collapseThreshold

  func validate() throws {
    guard threshold > 0, threshold.isFinite else {
      throw ValidationError("--threshold: \(threshold) is not accepted: it must be above 0")
    }
  }
}

extension Metric: ExpressibleByArgument {}
