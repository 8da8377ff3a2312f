/// Keeps what others provoke from filling a log: so many lines in a while, and how many were left
/// out.
package struct LineLimit: Sendable {
  private let most: Int
  private let interval: Duration
  private var begin: ContinuousClock.Instant?
  private var written = 0
  private var leftOut = 0

  /// - Parameter most: Lines in each interval.
  package init(_ most: Int = 1, every interval: Duration) {
    self.most = most
    self.interval = interval
  }

  /// The line to write, or nil where there were enough of late.
  package mutating func line(
    _ text: @autoclosure () -> String, at now: ContinuousClock.Instant
  ) -> String? {
    if begin.map({ now - $0 >= interval }) ?? true {
      begin = now
      written = 0
    }
    guard written < most else {
      leftOut += 1
      return nil
    }
    written += 1
    defer { leftOut = 0 }
    return leftOut == 0 ? text() : "\(text()) (\(leftOut) such lines before it were left out)"
  }
}
