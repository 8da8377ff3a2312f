internal import Foundation
import Platform
internal import Synchronization
internal import ZeroMQ

/// Tries to reach an endpoint on a thread of its own: the name service may block for long.
///
/// Nobody waits for the thread; what it finds after its owner has gone is nobody's.
final class ReachabilityProbe: Sendable {
  private struct State: Sendable {
    var isRunning = false
    var found: Reachability?
  }

  /// Signalled when something was found.
  let wakeUp: WakeUp
  private let endpoint: Endpoint
  private let state = Mutex(State())

  init(_ endpoint: Endpoint) throws(ZeroMQError) {
    self.endpoint = endpoint
    do throws(SystemError) {
      wakeUp = try WakeUp()
    } catch {
      throw ZeroMQError(error)
    }
  }

  /// Begins to look, unless it is under way already.
  func start() {
    let begins = state.withLock { state in
      defer { state.isRunning = true }
      return !state.isRunning
    }
    guard begins else { return }
    Thread.detachNewThread { [self] in
      let found = Reachability.find(endpoint)
      state.withLock { $0 = State(isRunning: false, found: found) }
      wakeUp.signal()
    }
  }

  /// What was found since the last look.
  func newFinding() -> Reachability? {
    wakeUp.clear()
    return state.withLock { state in
      defer { state.found = nil }
      return state.found
    }
  }
}
