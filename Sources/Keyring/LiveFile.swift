internal import Platform
internal import Synchronization

/// What stands in a file of the key folder, read again whenever the file changes.
///
/// Shared between threads.
final class LiveFile<Content: Hashable & Sendable>: Sendable {
  private struct State: Sendable {
    var content: Content
    /// Of the file as it was when it was read.
    var status: FileStatus?
  }

  private let path: String
  private let read: @Sendable () throws(KeyringError) -> Content
  private let state: Mutex<State>
  private let changes = Atomic<Int>(0)

  /// - Throws: Where the file cannot be read, or is open to others.
  init(
    _ path: String, _ read: @escaping @Sendable () throws(KeyringError) -> Content
  ) throws(KeyringError) {
    self.path = path
    self.read = read
    let status = FileStatus(path)
    state = Mutex(State(content: try read(), status: status))
  }

  /// Grows with every change that was read.
  var generation: Int { changes.load(ordering: .acquiring) }

  var content: Content { state.withLock(\.content) }

  /// Looks whether the file has changed, and reads it if so.
  ///
  /// One that cannot be read or understood changes nothing until it is mended: a slip of the hand must
  /// not stop a sweep.
  /// - Returns: What is wrong with the file, once for each change.
  func refresh() -> KeyringError? {
    state.withLock { state in
      let status = FileStatus(path)
      guard status != state.status else { return nil }
      state.status = status
      do throws(KeyringError) {
        let content = try read()
        guard content != state.content else { return nil }
        state.content = content
        changes.add(1, ordering: .releasing)
        return nil
      } catch {
        return error
      }
    }
  }
}
