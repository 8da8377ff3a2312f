extension Axis {
  /// The values that the axis of a strip of runs is made for: all, but for a few that would squeeze the
  /// others.
  ///
  /// At most 2 % of the values, and one where there are fewer than fifty, are left out at either end, and
  /// only where that makes what is left a third narrower, or more. What must be seen, such as a mean,
  /// never is.
  static func withoutOutliers(_ values: [Double], keeping seen: [Double] = []) -> [Double] {
    var sorted = values.filter(\.isFinite).sorted()[...]
    guard sorted.count >= 5 else { return Array(sorted) + seen }
    var budget = max(1, sorted.count / 50)
    func width(_ values: ArraySlice<Double>) -> Double {
      let all = [values.first, values.last].compactMap(\.self) + seen
      return (all.max() ?? 0) - (all.min() ?? 0)
    }
    search: while budget > 0 {
      for count in 1...budget {
        for low in 0...count {
          let kept = sorted.dropFirst(low).dropLast(count - low)
          if width(kept) <= width(sorted) * 2 / 3 {
            sorted = kept
            budget -= count
            continue search
          }
        }
      }
      break
    }
    return Array(sorted) + seen
  }
}
