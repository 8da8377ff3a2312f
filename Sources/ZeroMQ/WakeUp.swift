internal import CZeroMQ
internal import Glibc

/// Wakes the loop of one thread from any other: an eventfd that a ``Poller`` watches.
///
/// Sendable because all it holds is a constant number, and `write(2)` is safe from every thread.
package final class WakeUp: Sendable {
  /// To be polled for reading; open as long as this object lives.
  package let descriptor: Int32

  package init() throws(ZeroMQError) {
    descriptor = Int32(try checked(.createWakeUp, "(eventfd)") { czeromq_eventfd() })
  }

  deinit { close(descriptor) }

  /// Makes the descriptor readable until ``clear()``.
  ///
  /// Any number of signals count as one.
  package func signal() {
    // EAGAIN would mean that 2⁶⁴−2 signals are pending: it is readable already.
    var one: UInt64 = 1
    _ = uninterrupted { write(descriptor, &one, MemoryLayout<UInt64>.size) }
  }

  /// Takes the pending signals, before looking at what they announced.
  ///
  /// - Returns: Whether there were any.
  @discardableResult
  package func clear() -> Bool {
    var count: UInt64 = 0
    if case .done = uninterrupted({ read(descriptor, &count, MemoryLayout<UInt64>.size) }) {
      return true
    }
    return false
  }
}
