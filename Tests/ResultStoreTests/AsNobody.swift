import Foundation
import Glibc
import Synchronization

/// setfsuid(2), which Swift's Glibc module leaves out.
private let setFileUser: (@convention(c) (UInt32) -> CInt)? =
  dlsym(nil, "setfsuid").map { unsafeBitCast($0, to: (@convention(c) (UInt32) -> CInt).self) }

/// Runs `body` without root's right to pass over file permissions.
///
/// On Linux the file-system user is the calling thread's own (setfsuid(2)), so that other tests
/// keep theirs. As a plain user this is the same as calling `body`.
func asNobody<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) throws -> Value {
  let result = Mutex<Result<Value, any Error>?>(nil)
  let done = DispatchSemaphore(value: 0)
  Thread.detachNewThread {
    _ = setFileUser?(65534)
    let value = Result { try body() }
    result.withLock { $0 = value }
    done.signal()
  }
  done.wait()
  guard let value = result.withLock({ $0 }) else { throw CancellationError() }
  return try value.get()
}
