import Figures
import Study
import Sweep
import Tables

extension StripPlot.Row {
  /// The runs of one configuration, with the figures that stand in its tables.
  init(_ runs: ConfigurationRuns, _ metric: Metric, name: String) {
    let summary = runs.summary(metric)
    self.init(
      name: name, sample: runs.sample(metric), interval: summary.ci95, sd: summary.sd,
      counts: runs.counts.words)
  }
}
