import Foundation
package import Sweep

/// How many of a number of runs have some property.
package struct Share: Hashable, Sendable {
  package let count: Int
  package let of: Int

  package init(count: Int, of: Int) {
    self.count = count
    self.of = of
  }

  /// Nil where there are no runs.
  package var value: Double? { of > 0 ? Double(count) / Double(of) : nil }

  /// Wilson's score interval of the share (Wilson 1927), without continuity correction.
  ///
  /// (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n). Nil where there are no runs.
  package func interval(confidence: Double = confidence) -> Interval? {
    guard let share = value else { return nil }
    let n = Double(of)
    let z = StandardNormal.quantile(0.5 + confidence / 2)
    let scale = 1 / (1 + z * z / n)
    let centre = (share + z * z / (2 * n)) * scale
    let half = z * scale * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
    // The ends are exactly 0 and 1 where none or all have the property.
    return Interval(count == 0 ? 0 : centre - half, count == of ? 1 : centre + half)
  }

  /// Two-sided p of the score test that the true share is `share`: at most 0.05 just where Wilson's
  /// 95 % interval leaves it out.
  package func scorePValue(against share: Double) -> Double {
    guard let value, value != share else { return 1 }
    guard share > 0, share < 1 else { return 0 }
    let error = (share * (1 - share) / Double(of)).squareRoot()
    return 2 * StandardNormal.cumulative(-abs(value - share) / error)
  }

  package var json: JSONValue {
    ["share": JSONValue(value), "ci95": interval()?.json ?? .null]
  }
}
