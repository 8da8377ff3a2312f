import Glibc
import Synchronization

/// The programs that tests have started and that have not ended: what is left of them ends with the
/// tests, also where a test failed and waited no longer.
enum LiveChildren {
  private static let numbers = Mutex<Set<Int32>>([])
  private static let isArmed: Bool = {
    atexit { LiveChildren.killAll() }
    return true
  }()

  static func add(_ process: Int32) {
    guard isArmed else { return }
    numbers.withLock { _ = $0.insert(process) }
  }

  static func remove(_ process: Int32) { numbers.withLock { _ = $0.remove(process) } }

  private static func killAll() {
    for process in numbers.withLock({ $0 }) { kill(process, SIGKILL) }
  }
}

/// The end of a child, which may come before or after somebody asks for it.
final class ChildEnd: Sendable {
  private enum State {
    case pending((@Sendable (Int32) -> Void)?)
    case ended(Int32)
  }

  private let state = Mutex(State.pending(nil))

  func tell(_ status: Int32) {
    let asked = state.withLock { state -> (@Sendable (Int32) -> Void)? in
      defer { state = .ended(status) }
      guard case .pending(let asked) = state else { return nil }
      return asked
    }
    asked?(status)
  }

  /// Calls `body` with the status, at once where it has ended already.
  func onTold(_ body: @escaping @Sendable (Int32) -> Void) {
    let status = state.withLock { state -> Int32? in
      switch state {
      case .ended(let status): return status
      case .pending:
        state = .pending(body)
        return nil
      }
    }
    if let status { body(status) }
  }
}
