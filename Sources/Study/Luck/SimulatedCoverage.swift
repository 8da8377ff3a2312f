/// How often the intervals of luck, which are to hold the truth in 95 % of cases, held it in simulations.
///
/// Resamples of few runs spread less than new runs would, and those of many configurations show
/// differences where none are: both make the intervals too narrow.
package enum SimulatedCoverage {
  /// Of the share explained, in the worst of the cases tried with so many configurations of so many
  /// normal runs each: equal spreads and spreads that differ fourfold, shares of 0, ½ and 0.9, without
  /// a rare mode and with one of 2 % thirty deviations off.
  package struct OfShare: Hashable, Sendable {
    package let configurations: Int
    package let runs: Int
    package let plain: Double
    package let rareMode: Double
  }

  /// Of fewer runs a mode that one in fifty ends in is more likely not to be seen than to be.
  package static let fewestToShowModes = 50

  /// The simulation nearest to a set, of no more runs and, where there is one, of no fewer
  /// configurations.
  ///
  /// - Parameter runs: The fewest of any configuration.
  package static func ofShare(configurations: Int, runs: Int) -> OfShare {
    let counts = shares.map(\.runs)
    let fewest = counts.filter { $0 <= runs }.max() ?? counts.min() ?? 0
    let row = shares.filter { $0.runs == fewest }
    return row.first { $0.configurations >= configurations } ?? row[row.count - 1]
  }

  /// By runs, then by configurations.
  package static let shares: [OfShare] = [
    OfShare(configurations: 2, runs: 3, plain: 0.55, rareMode: 0.15),
    OfShare(configurations: 3, runs: 3, plain: 0.54, rareMode: 0.15),
    OfShare(configurations: 6, runs: 3, plain: 0.55, rareMode: 0.31),
    OfShare(configurations: 14, runs: 3, plain: 0.45, rareMode: 0.45),
    OfShare(configurations: 28, runs: 3, plain: 0.49, rareMode: 0.44),
    OfShare(configurations: 80, runs: 3, plain: 0.52, rareMode: 0.47),
    OfShare(configurations: 2, runs: 5, plain: 0.67, rareMode: 0.18),
    OfShare(configurations: 3, runs: 5, plain: 0.69, rareMode: 0.25),
    OfShare(configurations: 6, runs: 5, plain: 0.67, rareMode: 0.37),
    OfShare(configurations: 14, runs: 5, plain: 0.59, rareMode: 0.48),
    OfShare(configurations: 28, runs: 5, plain: 0.51, rareMode: 0.47),
    OfShare(configurations: 80, runs: 5, plain: 0.44, rareMode: 0.42),
    OfShare(configurations: 2, runs: 10, plain: 0.81, rareMode: 0.31),
    OfShare(configurations: 3, runs: 10, plain: 0.77, rareMode: 0.41),
    OfShare(configurations: 6, runs: 10, plain: 0.81, rareMode: 0.48),
    OfShare(configurations: 14, runs: 10, plain: 0.64, rareMode: 0.56),
    OfShare(configurations: 28, runs: 10, plain: 0.53, rareMode: 0.49),
    OfShare(configurations: 80, runs: 10, plain: 0.47, rareMode: 0.42),
    OfShare(configurations: 2, runs: 20, plain: 0.85, rareMode: 0.40),
    OfShare(configurations: 3, runs: 20, plain: 0.86, rareMode: 0.52),
    OfShare(configurations: 6, runs: 20, plain: 0.88, rareMode: 0.59),
    OfShare(configurations: 14, runs: 20, plain: 0.69, rareMode: 0.58),
    OfShare(configurations: 28, runs: 20, plain: 0.55, rareMode: 0.50),
    OfShare(configurations: 80, runs: 20, plain: 0.52, rareMode: 0.42),
    OfShare(configurations: 2, runs: 50, plain: 0.90, rareMode: 0.61),
    OfShare(configurations: 3, runs: 50, plain: 0.91, rareMode: 0.66),
    OfShare(configurations: 6, runs: 50, plain: 0.90, rareMode: 0.79),
    OfShare(configurations: 14, runs: 50, plain: 0.73, rareMode: 0.68),
    OfShare(configurations: 28, runs: 50, plain: 0.51, rareMode: 0.54),
    OfShare(configurations: 80, runs: 50, plain: 0.48, rareMode: 0.48),
  ]

  /// Of the expected best of k of so many normal runs, at k = 3 and where k is all of them.
  package static func ofBest(runs: Int) -> (three: Double, all: Double) {
    switch runs {
    case ..<5: (0.45, 0.45)
    case ..<10: (0.65, 0.45)
    case ..<20: (0.78, 0.45)
    case ..<50: (0.86, 0.45)
    default: (0.92, 0.45)
    }
  }
}
