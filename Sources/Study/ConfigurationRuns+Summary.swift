package import Sweep

extension ConfigurationRuns {
  /// A metric over the seeds, as far as its runs are independent and looks allow.
  package func summary(_ metric: Metric) -> SampleSummary {
    SampleSummary(
      sample(metric), units: units(metric), standing: standing,
      confidence: looks?.confidence(of: metric) ?? confidence)
  }

  /// What a reader of the mean, the standard deviation and their intervals must know; empty where
  /// there is nothing.
  package func caveats(
    _ metric: Metric, collapseThreshold: Double = Sweep.collapseThreshold
  ) -> [String] {
    [
      lack(of: metric), variance(of: metric, collapseThreshold: collapseThreshold)?.caveat,
      standing.words,
      looks?.caveat,
    ].compactMap(\.self)
  }

  /// That the figures are of fewer runs than are ok.
  private func lack(of metric: Metric) -> String? {
    let count = sample(metric).count
    guard count > 0, count < counts.ok else { return nil }
    return "of \(count) runs: \(counts.ok - count) of \(counts.ok) lack it"
  }
}
