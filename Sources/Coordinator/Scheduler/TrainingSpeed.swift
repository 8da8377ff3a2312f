/// How many images a worker trains a second, by what its heartbeats tell.
///
/// Over the last ten to twenty seconds: long enough for epochs that end with an evaluation, short enough
/// that a worker which stands still shows it.
package struct TrainingSpeed: Hashable, Sendable {
  private static let span = Duration.seconds(10)
  /// Below it a quotient says nothing.
  private static let shortest = Duration.seconds(2)

  private struct Mark: Hashable, Sendable {
    let time: Duration
    let images: Int
  }

  /// Since the worker was first heard.
  package private(set) var images = 0
  /// Where the rate is counted from, and where it will be from a span later on.
  private var from: Mark
  private var next: Mark

  package init(at now: Duration) {
    from = Mark(time: now, images: 0)
    next = from
  }

  /// Counts images that were trained since the last time.
  package mutating func add(_ count: Int, at now: Duration) {
    images += count
    guard now - next.time >= Self.span else { return }
    from = next
    next = Mark(time: now, images: images)
  }

  /// Images a second; nil in the first two seconds.
  package func rate(at now: Duration) -> Double? {
    let elapsed = now - from.time
    guard elapsed >= Self.shortest else { return nil }
    return Double(images - from.images) / (elapsed / .seconds(1))
  }
}
