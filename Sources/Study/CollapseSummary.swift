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

  package var json: JSONValue {
    [
      "mean": JSONValue(mean),
      "histogram": .object(bars.map { JSONValue.Member("\($0.collapsed)", .int($0.runs)) }),
      "any": any.json,
    ]
  }
}
