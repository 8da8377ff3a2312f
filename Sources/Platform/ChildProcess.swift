internal import CLinux
internal import Glibc
internal import Synchronization

/// A process that this one has started, and that ends with it: also by SIGKILL, also while the child
/// is still being loaded.
///
/// Every wait for it has a limit, which follows no clock that anybody can set.
package final class ChildProcess: Sendable {
  /// How long the end of a killed process is awaited.
  private static let patience = Duration.seconds(2)

  package let number: Int32
  /// Readable once the process has ended; negative where the kernel has no such descriptors (Linux
  /// before 5.3).
  package let endDescriptor: Int32
  /// Set once its end has been collected, after which the number may be another process's.
  private let collected = Mutex<ProcessEnd?>(nil)

  /// Starts a program.
  ///
  /// The child is killed when the *thread* that started it ends, as the kernel has it.
  ///
  /// - Parameters:
  ///   - environment: nil for this process's own.
  ///   - descriptors: What the child has as 0, 1, 2 and so on, and nothing else; they stay open here.
  ///   - blocked: Signals that are blocked from its first instruction on.
  ///   - ownGroup: Whether it leads a process group of its own, see ``sendToGroup(_:)``.
  package init(
    _ program: String, _ arguments: [String], environment: [String: String]? = nil,
    descriptors: [Int32] = [0, 1, 2], blocking blocked: [Int32] = [],
    inOwnGroup ownGroup: Bool = false
  ) throws(SystemError) {
    let argv = ([program] + arguments).map { strdup($0) } + [nil]
    let made = environment.map { $0.map { strdup("\($0.key)=\($0.value)") } }
    let envp = (made ?? Self.inherited) + [nil]
    defer { for text in argv + (made ?? []) { free(text) } }
    var process = pid_t()
    let code = clinux_spawn(
      program, argv, envp, descriptors, Int32(descriptors.count), blocked, Int32(blocked.count), 1,
      ownGroup ? 1 : 0, &process)
    guard code == 0 else { throw SystemError("start a process from", program, Errno(code)) }
    number = process
    endDescriptor = clinux_pidfd(process)
  }

  deinit {
    if !hasEnded {
      send(SIGKILL)
      _ = wait(atMost: Self.patience)
    }
    if endDescriptor >= 0 { close(endDescriptor) }
  }

  package var hasEnded: Bool { collect() != nil }

  /// Keeps the process to one CPU, and the threads and processes that it starts from now on.
  ///
  /// - Returns: Whether the system did so; it does not where this process may not use that CPU.
  package func keep(to cpu: Int) -> Bool {
    collected.withLock { $0 == nil && clinux_keep_to(number, Int32(clamping: cpu)) == 0 }
  }

  /// Sends a signal, unless the process has ended.
  package func send(_ signal: Int32) {
    collected.withLock { if $0 == nil { kill(number, signal) } }
  }

  /// Sends a signal to everything that it has started and that stayed in its group, unless it has ended
  /// itself: a group outlives its leader, and the number may be another's by then.
  package func sendToGroup(_ signal: Int32) {
    collected.withLock { if $0 == nil { kill(-number, signal) } }
  }

  /// Waits for the end, or until `other` is readable, for example a stop signal's wake-up.
  ///
  /// - Parameter limit: Counted in time spent waiting.
  /// - Returns: nil where it has not ended.
  package func wait(atMost limit: Duration, orReadable other: Int32? = nil) -> ProcessEnd? {
    // Without a descriptor its end has to be looked for.
    let longest = endDescriptor >= 0 ? limit : .milliseconds(10)
    var left = limit
    while true {
      if let end = collect() { return end }
      guard left > .zero else { return nil }
      let step = min(left, longest)
      left -= step
      if waitUntilReadable(endDescriptor, or: other, atMost: step) == .second { return collect() }
    }
  }

  /// Asks the process to end, waits a while, then kills it.
  ///
  /// - Returns: nil where the kernel does not let go even of a killed process.
  @discardableResult
  package func end(
    asking signal: Int32 = SIGKILL, patience: Duration = .zero
  ) -> ProcessEnd? {
    if patience > .zero {
      send(signal)
      if let end = wait(atMost: patience) { return end }
    }
    send(SIGKILL)
    return wait(atMost: Self.patience)
  }

  /// The entries of this process's environment, as they stand there.
  private static var inherited: [UnsafeMutablePointer<CChar>?] {
    var entries: [UnsafeMutablePointer<CChar>?] = []
    var cursor = environ
    while let entry = cursor.pointee {
      entries.append(entry)
      cursor += 1
    }
    return entries
  }

  private func collect() -> ProcessEnd? {
    collected.withLock { end in
      guard end == nil else { return end }
      var word: Int32 = 0
      var result: pid_t
      repeat { result = waitpid(number, &word, WNOHANG) } while result < 0 && errno == EINTR
      // It can be nobody's child any more only where somebody else has collected it.
      if result != 0 { end = result > 0 ? ProcessEnd(waitStatus: word) : .signal(SIGKILL) }
      return end
    }
  }

  /// Lets this process live on when its parent ends, for example because it watches a pipe itself.
  package static func outliveParent() { clinux_outlive_parent() }
}
