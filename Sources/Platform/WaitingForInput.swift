internal import Glibc

/// What a wait for two descriptors came to.
package enum WaitResult: Hashable, Sendable {
  /// The first can be read, or has ended.
  case first
  case second
  case timeout
}

/// Waits until one of two descriptors can be read.
///
/// The limit is counted in time spent waiting, which follows no clock that anybody can set; a signal
/// shortens it by at most a tenth of a second.
///
/// - Parameter second: For example the wake-up of a stop signal; where both are ready it goes first.
package func waitUntilReadable(
  _ first: Int32, or second: Int32? = nil, atMost limit: Duration
) -> WaitResult {
  var left = limit
  while true {
    let step = min(max(left, .zero), .milliseconds(100))
    left -= step
    var items = [first, second ?? -1].map {
      pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
    }
    let milliseconds = Int32((step / .milliseconds(1)).rounded(.up))
    if poll(&items, nfds_t(items.count), milliseconds) > 0 {
      return items[1].revents != 0 ? .second : .first
    }
    guard left > .zero else { return .timeout }
  }
}
