extension Interval {
  /// Newcombe's hybrid score interval of the first share less the second (Newcombe 1998, method 10).
  ///
  /// Each end is as far from the difference as the ends of the two Wilson intervals towards it, added
  /// in squares. Nil where a side has no runs.
  package static func ofDifference(_ first: Share, _ second: Share) -> Interval? {
    guard let p = first.value, let q = second.value, let own = first.interval(),
      let other = second.interval()
    else { return nil }
    func length(_ x: Double, _ y: Double) -> Double { (x * x + y * y).squareRoot() }
    return Interval(
      p - q - length(p - own.lower, other.upper - q),
      p - q + length(own.upper - p, q - other.lower))
  }
}
