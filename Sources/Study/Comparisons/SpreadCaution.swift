import Foundation

/// What a ratio of spreads comes to where few runs make most of it.
///
/// The mean-centred permutation has no level under a rare mode: of 20 against 20 runs, 5 %
/// of which lie 70 deviations higher on either side, it rejects at 5 % in some 45 % of cases, since one
/// run moves the mean that all are centred on. Centred on the median it rejects in some 6 %. The simulation
/// stands in CoverageTests; the test takes the larger p of both.
package struct SpreadCaution: Hashable, Sendable {
  /// The ratio without the run of each side that lies furthest from its median; nil where what is left
  /// of a side does not vary.
  package let ratioWithoutOutermost: Double?
  /// Nil where neither side has a rare mode and no run carries the difference alone.
  package init?(
    _ spread: SpreadComparison, of first: Sample, _ second: Sample, hasRareMode: Bool
  ) {
    let without = Self.ratioWithoutOutermost(first, second)
    guard hasRareMode || Self.isCarriedByOneRun(spread, without) else { return nil }
    ratioWithoutOutermost = without
  }

  package static func ratioWithoutOutermost(_ first: Sample, _ second: Sample) -> Double? {
    guard let deviation = first.withoutOutermost.standardDeviation,
      let other = second.withoutOutermost.standardDeviation, deviation > 0, other > 0
    else { return nil }
    return deviation / other
  }

  /// Whether there is a difference to be told, of which less than half is left, on the logarithm's
  /// scale, without one run of each side.
  private static func isCarriedByOneRun(_ spread: SpreadComparison, _ without: Double?) -> Bool {
    guard spread.meanCentred <= 1 - confidence else { return false }
    guard let without else { return true }
    let whole = log(spread.ratio)
    return log(without) / whole < 0.5
  }
}

extension Sample {
  /// All but the value that lies furthest from the median, the larger of two.
  var withoutOutermost: Sample {
    guard let median, let low = values.first, let high = values.last else { return self }
    return Sample(high - median >= median - low ? values.dropLast() : values.dropFirst())
  }
}
