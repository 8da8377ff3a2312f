extension Double {
  /// A length of time in seconds, as people say it: `40 s`, `3 min`, `2 h 5 min`.
  package var secondsInWords: String {
    // A year of hours is as good as any longer time.
    let whole = Int(Swift.min(Swift.max(0, isFinite ? self : 0), 1e12).rounded())
    switch whole {
    case ..<90: return "\(whole) s"
    case ..<5400: return "\((whole + 30) / 60) min"
    default: return "\(whole / 3600) h \((whole % 3600) / 60) min"
    }
  }
}

extension ClosedRange<Double> {
  /// A length of time between two numbers of seconds; one where both ends are told alike.
  package var secondsInWords: String {
    let ends = [lowerBound.secondsInWords, upperBound.secondsInWords]
    return ends[0] == ends[1] ? ends[0] : ends.joined(separator: " to ")
  }
}
