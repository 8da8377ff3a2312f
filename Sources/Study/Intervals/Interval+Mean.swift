extension Interval {
  /// Below this many values a figure draws no whiskers: the interval is wide, and on losses with modes
  /// it holds in as little as 80 % of cases.
  package static let fewestForWhisker = 5

  /// Student's t interval of the mean: x̄ ± t_{n−1} · s / √n; nil below two values.
  package static func ofMean(_ sample: Sample, confidence: Double = confidence) -> Interval? {
    guard let mean = sample.mean, let deviation = sample.standardDeviation,
      let t = StudentT(degreesOfFreedom: Double(sample.count - 1))
    else { return nil }
    let half =
      t.quantile(0.5 + confidence / 2) * deviation / Double(sample.count).squareRoot()
    return Interval(mean - half, mean + half)
  }
}
