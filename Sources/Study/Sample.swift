/// Numbers from runs that differ in their seeds, with what describes them.
///
/// The values are sorted before anything is summed, so that the order in which runs finished shows
/// nowhere, not even in the last bit.
package struct Sample: Hashable, Sendable {
  /// Finite values in ascending order.
  package let values: [Double]

  /// Takes the finite ones among `values`.
  package init(_ values: some Sequence<Double>) {
    self.values = values.filter(\.isFinite).sorted()
  }

  package var count: Int { values.count }

  /// Of fewer values than these little can be said, and no interval is drawn: it would be wrong as
  /// often as not.
  package static let fewestForInterval = 5

  /// Nil where there is no value.
  package var mean: Double? {
    guard let first = values.first, let last = values.last else { return nil }
    // Distances from a value inside the range keep their digits.
    let origin = first / 2 + last / 2
    return origin + values.reduce(0) { $0 + ($1 - origin) } / Double(count)
  }

  /// The square root of the variance with n − 1; nil below two values.
  package var standardDeviation: Double? {
    guard count >= 2, let mean else { return nil }
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(count - 1)).squareRoot()
  }

  package var minimum: Double? { values.first }
  package var maximum: Double? { values.last }

  /// The middle value, or the mean of the two in the middle.
  package var median: Double? {
    guard !values.isEmpty else { return nil }
    let upper = values[count / 2]
    return count % 2 == 1 ? upper : values[count / 2 - 1] / 2 + upper / 2
  }
}
