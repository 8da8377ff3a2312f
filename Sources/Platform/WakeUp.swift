internal import CLinux
internal import Glibc

/// Wakes one thread from any other: an eventfd that it polls.
///
/// Sendable because all it holds is a constant number, and `write(2)` is safe from every thread.
package final class WakeUp: Sendable {
  /// To be polled for reading; open as long as this object lives.
  package let descriptor: Int32

  package init() throws(SystemError) {
    descriptor = try systemCall("make", "a wake-up") { clinux_eventfd() }
  }

  deinit { close(descriptor) }

  /// Makes the descriptor readable until ``clear()``.
  ///
  /// Any number of signals count as one.
  package func signal() {
    var one: UInt64 = 1
    // It fails where 2⁶⁴−2 signals are pending: then it is readable already.
    _ = try? systemCall { write(descriptor, &one, MemoryLayout<UInt64>.size) }
  }

  /// Takes the pending signals, before looking at what they announced.
  ///
  /// - Returns: Whether there were any.
  @discardableResult
  package func clear() -> Bool {
    var count: UInt64 = 0
    // It fails where there is none.
    return (try? systemCall { read(descriptor, &count, MemoryLayout<UInt64>.size) }) != nil
  }

  /// Waits for a signal, which stays pending.
  ///
  /// - Parameter limit: At most this long by the clock that nobody sets; nil waits for ever.
  /// - Returns: Whether there is one.
  package func wait(atMost limit: Duration? = nil) -> Bool {
    let deadline = limit.map { ContinuousClock.now + $0 }
    while true {
      var item = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let left = deadline.map { ContinuousClock.now.duration(to: $0) }
      let milliseconds = left.map { max(0, Int32(clamping: Int64($0 / .milliseconds(1)) + 1)) }
      let count = poll(&item, 1, left.map { $0 <= .zero } == true ? 0 : milliseconds ?? -1)
      if count > 0 { return true }
      if let deadline, ContinuousClock.now >= deadline { return false }
    }
  }
}
