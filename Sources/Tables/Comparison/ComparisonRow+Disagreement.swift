import Study
import Sweep

extension ComparisonRow {
  /// Which of the two to read where the interval and the test come from different methods and only
  /// one of them excludes no difference; nil where they agree.
  ///
  /// - Parameters:
  ///   - pValue: Of the row's test.
  ///   - pairs: Of the two sides, run by run; nil where they are not paired.
  func disagreement(pValue: Double?, pairs: Int?) -> String? {
    guard let interval, let pValue else { return nil }
    let isExcluded = interval.lower > noDifference || interval.upper < noDifference
    let isFound = pValue <= 1 - confidence
    guard isExcluded != isFound, let reason = reason(pairs: pairs) else { return nil }
    return "The interval \(isExcluded ? "excludes" : "includes") no difference and "
      + "\(pValue.probability(as: "p")): \(reason)."
  }

  /// The value of the estimate where the two do not differ.
  private var noDifference: Double {
    switch question {
    case .mean, .pairedMean, .anyCollapse, .collapsedCount: 0
    case .order: 0.5
    case .spread: 1
    }
  }

  /// Nil where both come from one method, so that they differ by rounding alone.
  private func reason(pairs: Int?) -> String? {
    switch question {
    case .mean: return nil
    case .pairedMean:
      if let pairs, Self.smallestSignFlip(pairs) > 1 - confidence {
        return "read the interval, since sign flips of \(pairs.of("pair")) give no p below "
          + Self.smallestSignFlip(pairs).probability
      }
      return "read p, which takes the differences to be symmetrical and not to be normal"
    case .order:
      return "read p, which is exact where the runs of the two do not overlap; the interval is "
        + "wider than it need be"
    case .spread: return "read p, which supposes less than the interval, a jackknife's"
    case .anyCollapse: return "read p, which is exact; the interval is an approximation"
    case .collapsedCount: return "read p, which does not take the counts to be normal"
    }
  }

  /// Of all 2ⁿ ways to give n differences their signs two are as extreme as any.
  private static func smallestSignFlip(_ pairs: Int) -> Double {
    pairs > 60 ? 0 : 2 / Double(1 << pairs)
  }
}
