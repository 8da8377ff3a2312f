import Dispatch
import Foundation
import Synchronization
import TestSupport

/// Runs `body` on a thread of its own and hands its result over.
final class Background<Value: Sendable>: Sendable {
  private let result = Mutex<Result<Value, any Error>?>(nil)
  private let done = DispatchSemaphore(value: 0)

  init(_ body: @escaping @Sendable () throws -> Value) {
    Thread.detachNewThread {
      let value = Result { try body() }
      self.result.withLock { $0 = value }
      self.done.signal()
    }
  }

  /// A guard against hanging for ever, far beyond what any machine and sanitizer take.
  private static var longest: Double { 600 }

  func value() throws -> Value {
    guard done.wait(timeout: .now() + Self.longest) == .success,
      let result = result.withLock({ $0 })
    else { throw UnmetRequirement("a service did not end in time") }
    return try result.get()
  }
}
