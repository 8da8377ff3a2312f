/// How much of the variance of a metric goes with the number of collapsed latents.
///
/// Collapse makes losses fall into modes. The sum of squared distances from the mean splits exactly
/// into that of the modes' means and that within modes (one-way analysis of variance); both are
/// given over n − 1, so that they add up to the variance.
package struct VarianceByCollapse: Hashable, Sendable {
  /// The runs with one number of collapsed latents.
  package struct Mode: Hashable, Sendable {
    package let collapsed: Int
    package let sample: Sample
  }

  /// From few collapsed latents to many.
  package let modes: [Mode]
  package let between: Double
  package let within: Double

  /// Nil below two runs.
  package init?(_ runs: some Sequence<(collapsed: Int, value: Double)>) {
    var values: [Int: [Double]] = [:]
    for run in runs { values[run.collapsed, default: []].append(run.value) }
    let modes = values.sorted { $0.key < $1.key }.map {
      Mode(collapsed: $0.key, sample: Sample($0.value))
    }
    let all = Sample(modes.flatMap(\.sample.values))
    guard all.count >= 2, let mean = all.mean else { return nil }
    var (between, within) = (0.0, 0.0)
    for mode in modes {
      guard let own = mode.sample.mean else { continue }
      between += Double(mode.sample.count) * (own - mean) * (own - mean)
      within += mode.sample.values.reduce(0) { $0 + ($1 - own) * ($1 - own) }
    }
    self.modes = modes
    self.between = between / Double(all.count - 1)
    self.within = within / Double(all.count - 1)
  }

  /// η²: the part of the variance that goes with the count; nil where nothing varies.
  package var shareExplained: Double? {
    between + within > 0 ? between / (between + within) : nil
  }
}
