import Synchronization

/// A request to stop, made by a signal handler's thread and seen by a loop.
package final class StopSignal: Sendable {
  package let wakeUp: WakeUp
  private let requests = Atomic<Int>(0)

  package init() throws(SystemError) { wakeUp = try WakeUp() }

  package func request() {
    requests.add(1, ordering: .relaxed)
    wakeUp.signal()
  }

  package var isRequested: Bool { requests.load(ordering: .relaxed) > 0 }
}
