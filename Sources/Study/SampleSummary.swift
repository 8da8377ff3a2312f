package import Sweep

/// What a metric is over the runs of a configuration, in the metric's units.
package struct SampleSummary: Hashable, Sendable {
  package let n: Int
  package let mean: Double?
  /// With n − 1.
  package let sd: Double?
  /// Of the mean: Student's t.
  package let ci95: Interval?
  /// Of the standard deviation: jackknife-t on its logarithm; nil below ten runs.
  package let sdCI95: Interval?
  package let min: Double?
  package let median: Double?
  package let max: Double?

  package init(_ sample: Sample) {
    n = sample.count
    mean = sample.mean
    sd = sample.standardDeviation
    ci95 = .ofMean(sample)
    sdCI95 = .ofDeviation(sample)
    min = sample.minimum
    median = sample.median
    max = sample.maximum
  }

  package var json: JSONValue {
    [
      "n": .int(n), "mean": JSONValue(mean), "sd": JSONValue(sd), "ci95": ci95?.json ?? .null,
      "sd_ci95": sdCI95?.json ?? .null, "min": JSONValue(min), "median": JSONValue(median),
      "max": JSONValue(max),
    ]
  }
}
