extension Interval {
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
