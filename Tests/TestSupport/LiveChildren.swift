import Foundation
import Synchronization

/// The programs that tests have started and that have not ended: what is left of them ends with the
/// tests, also where a test failed and waited no longer.
enum LiveChildren {
  private static let numbers = Mutex<Set<Int32>>([])
  private static let isArmed: Bool = {
    atexit { LiveChildren.killAll() }
    return true
  }()

  /// - Returns: Its process number, which is in the list before its end can take it out.
  static func start(_ child: Process) throws -> Int32 {
    try numbers.withLock { numbers in
      try child.run()
      if isArmed { numbers.insert(child.processIdentifier) }
      return child.processIdentifier
    }
  }

  static func remove(_ process: Int32) { numbers.withLock { _ = $0.remove(process) } }

  private static func killAll() {
    for process in numbers.withLock({ $0 }) { kill(process, SIGKILL) }
  }
}
