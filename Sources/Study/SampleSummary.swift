package import Sweep

/// What a metric is over the runs of a configuration, in the metric's units.
///
/// Where runs share seeds, n, mean, deviation and intervals are those of the independent units, the
/// means of the levels of a nested design; smallest, median and largest stay those of single runs. In a
/// crossed design, and where no seed varies, nothing is independent, and there is no interval.
package struct SampleSummary: Hashable, Sendable {
  package let n: Int
  package let mean: Double?
  /// With n − 1.
  package let sd: Double?
  /// Of the mean: Student's t; at 1 − 0.05/K where K looks were taken at it.
  package let ci95: Interval?
  /// Of the standard deviation: jackknife-t on its logarithm; nil below ten runs.
  package let sdCI95: Interval?
  package let min: Double?
  package let median: Double?
  package let max: Double?

  /// - Parameters:
  ///   - sample: Of single runs.
  ///   - units: Of independent units; nil where each run is one.
  ///   - confidence: Of the mean's interval.
  package init(
    _ sample: Sample, units: Sample? = nil, standing: IndependentUnits.Standing = .runs,
    confidence: Double = confidence
  ) {
    let own: Sample
    switch standing {
    case .runs, .crossed, .alike: own = sample
    case .levels: own = units ?? sample
    }
    n = own.count
    mean = own.mean
    sd = own.standardDeviation
    ci95 = standing.isTied ? nil : .ofMean(own, confidence: confidence)
    sdCI95 = standing.isTied ? nil : .ofDeviation(own)
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
