package import Sweep

/// A two-sided confidence interval, in the units of what it is about.
package struct Interval: Hashable, Sendable {
  package let lower: Double
  package let upper: Double

  /// Nil unless both ends are finite.
  package init?(_ lower: Double, _ upper: Double) {
    guard lower.isFinite, upper.isFinite else { return nil }
    self.lower = lower
    self.upper = upper
  }

  /// `[lower, upper]`.
  package var json: JSONValue { [.number(lower), .number(upper)] }
}

/// The confidence of every interval in this program (two-sided, 95 %).
package let confidence = 0.95
