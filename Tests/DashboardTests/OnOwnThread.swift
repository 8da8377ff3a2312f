import Foundation
import Testing

/// Runs each test on a thread of its own: one that waits for what Swift's tasks do must hold none of the few
/// threads that these have.
struct OnOwnThread: SuiteTrait, TestTrait, TestScoping {
  var isRecursive: Bool { true }

  init() {}

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    try await withTaskExecutorPreference(ThreadExecutor()) { try await function() }
  }

  private final class ThreadExecutor: TaskExecutor {
    func enqueue(_ job: consuming ExecutorJob) {
      let job = UnownedJob(job)
      Thread.detachNewThread { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
  }
}

extension Trait where Self == OnOwnThread {
  static var onOwnThread: Self { OnOwnThread() }
}
