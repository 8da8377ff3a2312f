import Synchronization
package import Wire

/// A coordinator's work at one moment, with its counters.
package struct SweepSnapshot: Sendable {
  package let status: StatusReply
  package let counters: SweepCounters
  package let history: SweepHistory
  /// Grows with every snapshot.
  package let number: Int

  package init(
    status: StatusReply, counters: SweepCounters, history: SweepHistory = SweepHistory(),
    number: Int
  ) {
    self.status = status
    self.counters = counters
    self.history = history
    self.number = number
  }
}

/// Where a coordinator's loop puts its newest snapshot, and any number of readers find it.
///
/// The lock is held for no longer than a reference is copied, and what is replaced is let go of outside
/// it: no reader, however slow, keeps the loop waiting.
package final class SweepBoard: Sendable {
  private final class Box: Sendable {
    let snapshot: SweepSnapshot
    init(_ snapshot: SweepSnapshot) { self.snapshot = snapshot }
  }

  private let newest = Mutex<Box?>(nil)

  package init() {}

  /// nil before the first one.
  package var snapshot: SweepSnapshot? { newest.withLock { $0 }?.snapshot }

  package func put(_ snapshot: SweepSnapshot) {
    let box = Box(snapshot)
    let replaced = newest.withLock { newest in
      let before = newest
      newest = box
      return before
    }
    withExtendedLifetime(replaced) {}
  }
}
