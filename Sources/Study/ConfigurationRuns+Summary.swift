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
      variance(of: metric, collapseThreshold: collapseThreshold)?.caveat, standing.words,
      looks?.caveat,
    ].compactMap(\.self)
  }
}
