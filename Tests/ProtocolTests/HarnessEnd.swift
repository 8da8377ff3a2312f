import Testing

/// What a harness has not handed to its test: whatever is left when the last copy of the harness goes
/// fails the test that made it.
///
/// A message that nobody expected is so found by every test, not only by those that look for it.
final class HarnessEnd {
  /// What is unread, the first of it in words.
  var unread: (count: Int, first: String)?
  private let location: SourceLocation

  init(_ location: SourceLocation) { self.location = location }

  deinit {
    guard let unread else { return }
    Issue.record(
      """
      the test left \(unread.count) unread, the first: \(unread.first.prefix(200)); take them, or say \
      ignoreRest() where they do not matter
      """, sourceLocation: location)
  }
}
