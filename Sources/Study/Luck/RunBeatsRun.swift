/// How likely a run of one configuration beats a run of another: P(X < Y) + ½ P(X = Y).
package struct RunBeatsRun: Hashable, Sendable {
  /// Places of the two in their set, the first before the second.
  package let first: Int
  package let second: Int
  package let probability: Double
  /// Brunner & Munzel's, on the logit scale where it would leave 0 to 1; exact where the two do not
  /// overlap.
  package let interval: Interval?

  /// All pairs; smaller values win.
  package static func all(_ samples: [Sample]) -> [RunBeatsRun] {
    var pairs: [RunBeatsRun] = []
    for first in samples.indices {
      for second in samples.indices where second > first {
        let order = OrderComparison(samples[first], samples[second])
        // Values that are all equal win half the time.
        pairs.append(
          RunBeatsRun(
            first: first, second: second, probability: order?.probability ?? 0.5,
            interval: order?.interval))
      }
    }
    return pairs
  }
}
