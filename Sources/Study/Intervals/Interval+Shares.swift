extension Interval {
  /// Newcombe's hybrid score interval of the first share less the second (Newcombe 1998, method 10).
  ///
  /// Each end is as far from the difference as the ends of the two Wilson intervals towards it, added
  /// in squares. Nil where a side has no runs.
  package static func ofDifference(
    _ first: Share, _ second: Share, confidence: Double = confidence
  ) -> Interval? {
    guard let p = first.value, let q = second.value,
      let own = first.interval(confidence: confidence),
      let other = second.interval(confidence: confidence)
    else { return nil }
    func length(_ x: Double, _ y: Double) -> Double { (x * x + y * y).squareRoot() }
    return Interval(
      p - q - length(p - own.lower, other.upper - q),
      p - q + length(own.upper - p, q - other.lower))
  }

  /// Two-sided p of the hypothesis that the shares differ by `bound`: 1 less the largest confidence
  /// at which Newcombe's interval leaves it out.
  package static func pValue(of first: Share, _ second: Share, against bound: Double) -> Double {
    func leavesOut(_ confidence: Double) -> Bool {
      guard let interval = ofDifference(first, second, confidence: confidence) else { return false }
      return bound < interval.lower || bound > interval.upper
    }
    var (low, high) = (0.0, 1 - 1e-12)
    guard leavesOut(1e-9) else { return 1 }
    guard !leavesOut(high) else { return 1 - high }
    for _ in 0..<60 {
      let middle = low + (high - low) / 2
      if leavesOut(middle) { low = middle } else { high = middle }
    }
    return 1 - high
  }
}
