import Study

extension ComparisonRow {
  /// Which of the two to read where the interval and the test come from different methods and only
  /// one of them excludes that there is none; nil where they agree.
  ///
  /// - Parameter pValue: Of the row's test; nil where it could find nothing.
  func disagreement(pValue: Double?) -> String? {
    guard let interval, let pValue else { return nil }
    let isExcluded = interval.lower > noDifference || interval.upper < noDifference
    let isFound = pValue <= 1 - confidence
    guard isExcluded != isFound, let reason else { return nil }
    return "The interval \(isExcluded ? "excludes" : "includes") \(noDifference.short) and "
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
  private var reason: String? {
    switch question {
    case .mean: nil
    case .pairedMean: "read p, which takes the differences to be symmetrical and not to be normal"
    case .order:
      "read p, which is exact where the runs of the two do not overlap; the interval is wider than "
        + "it need be"
    case .spread: "read p, which rests on less than the interval does"
    case .anyCollapse: "read p, which is exact; the interval is an approximation"
    case .collapsedCount: "read p, which does not take the counts to be normal"
    }
  }
}
