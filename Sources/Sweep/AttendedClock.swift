/// Time as scheduler and session count it: only while their loop attends to messages.
///
/// Leases are deadlines in attended time. A loop that stood still (a stopped process, a host that
/// slept) did not hear heartbeats either, so a gap counts for at most `longestStep`.
package struct AttendedClock: Sendable {
  /// The longest span between two ticks that is believed.
  package let longestStep: Duration
  /// Attended time since the clock's first reading.
  package private(set) var elapsed: Duration = .zero
  private var last: Duration?

  package init(longestStep: Duration) { self.longestStep = longestStep }

  /// Takes a reading of a monotonic clock; readings that go back are ignored.
  package mutating func advance(to reading: Duration) {
    defer { last = max(last ?? reading, reading) }
    guard let last, reading > last else { return }
    elapsed += min(reading - last, longestStep)
  }
}
