/// Where the truth must lie for a part of a claim to hold: above, below, or within.
package struct ClaimBounds: Hashable, Sendable {
  /// Nil where there is no bound on this side; never both.
  package let lower: Double?
  package let upper: Double?

  package init(above lower: Double) { (self.lower, upper) = (lower, nil) }
  package init(below upper: Double) { (lower, self.upper) = (nil, upper) }

  /// Nil unless there is room between the two.
  package init?(within lower: Double, _ upper: Double) {
    guard lower < upper else { return nil }
    (self.lower, self.upper) = (lower, upper)
  }

  package func contains(_ value: Double) -> Bool {
    (lower.map { value > $0 } ?? true) && (upper.map { value < $0 } ?? true)
  }

  var json: JSONValue { ["above": JSONValue(lower), "below": JSONValue(upper)] }
}
