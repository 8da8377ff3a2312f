extension Duration {
  /// Whole milliseconds, rounded up so that a short wait is not none, within 0…2³¹−1 (24 days).
  var wholeMilliseconds: Int32 {
    let (seconds, attoseconds) = components
    guard seconds >= 0, attoseconds >= 0 else { return 0 }
    guard seconds < Int64(Int32.max) / 1000 else { return Int32.max }
    return Int32(seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
  }

  /// Whole seconds, rounded up, within 0…2³¹−1.
  var wholeSeconds: Int32 {
    let (seconds, attoseconds) = components
    guard seconds >= 0, attoseconds >= 0 else { return 0 }
    return Int32(clamping: seconds + (attoseconds > 0 ? 1 : 0))
  }
}
