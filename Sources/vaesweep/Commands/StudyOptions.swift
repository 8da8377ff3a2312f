import ArgumentParser
import Study
import Sweep

/// `--threshold`: when a latent counts as collapsed, settable after the fact.
struct ThresholdOption: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: "A latent with Var(μ) below this over the test set counts as collapsed.",
    transform: NumberOption.real("above 0") { $0 > 0 })
  var threshold: Double = collapseThreshold
}

/// `--sweep`: one of several sweeps that share a store.
struct SweepChoice: ParsableArguments {
  @Option(help: "Of the store's sweeps the one of this name alone.") var sweep: String?
}

extension Metric: ExpressibleByArgument {
  package static var allValueStrings: [String] { known.map(\.rawValue) }
}
