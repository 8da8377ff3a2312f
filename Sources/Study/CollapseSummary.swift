package import Sweep

/// How many latents collapsed, over the runs with sampling of a configuration.
package struct CollapseSummary: Hashable, Sendable {
  /// Runs by their number of collapsed latents; numbers that no run has are left out.
  package let histogram: [Int: Int]

  package init(counts: some Sequence<Int>) {
    var histogram: [Int: Int] = [:]
    for count in counts { histogram[count, default: 0] += 1 }
    self.histogram = histogram
  }

  /// Runs counted.
  package var n: Int { histogram.values.reduce(0, +) }

  /// Collapsed latents per run; nil where there is no run.
  package var mean: Double? {
    guard n > 0 else { return nil }
    return Double(histogram.reduce(0) { $0 + $1.key * $1.value }) / Double(n)
  }

  /// Runs in which at least one latent collapsed.
  package var any: Share { Share(count: n - histogram[0, default: 0], of: n) }

  /// Collapsed latents and the number of runs that have as many, from few to many.
  package var bars: [(collapsed: Int, runs: Int)] {
    histogram.sorted { $0.key < $1.key }.map { (collapsed: $0.key, runs: $0.value) }
  }

  /// Numbers of collapsed latents that 2 to 20 % of the runs have.
  ///
  /// Collapse moves the loss, so with so few runs in a mode the standard deviation of the loss depends
  /// on whether one more fell into it.
  package var rareModes: [Int] {
    bars.filter { 50 * $0.runs >= n && 5 * $0.runs <= n }.map(\.collapsed)
  }

  /// What a reader of a standard deviation over these runs must know; nil where nothing.
  package var deviationCaveat: String? {
    if !rareModes.isEmpty { return "rare mode: sd unstable" }
    let hasInterval = n >= Interval.fewestForDeviation
    return histogram.count > 1 && hasInterval && n < Interval.fewestForModes
      ? "sd interval optimistic: modes differ" : nil
  }

  package var json: JSONValue {
    [
      "mean": JSONValue(mean),
      "histogram": .object(bars.map { JSONValue.Member("\($0.collapsed)", .int($0.runs)) }),
      "any": any.json,
    ]
  }
}
