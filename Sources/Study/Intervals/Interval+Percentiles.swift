extension Interval {
  /// The percentile interval of resampled figures: the order statistics nearest to both tails.
  ///
  /// Nil where there are none.
  package static func percentiles(
    of figures: [Double], confidence: Double = confidence
  ) -> Interval? {
    let sorted = figures.sorted()
    guard !sorted.isEmpty else { return nil }
    func percentile(_ probability: Double) -> Double {
      sorted[Int((Double(sorted.count - 1) * probability).rounded())]
    }
    let tail = (1 - confidence) / 2
    return Interval(percentile(tail), percentile(1 - tail))
  }
}
