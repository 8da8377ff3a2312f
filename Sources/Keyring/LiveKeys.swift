internal import Platform
internal import Synchronization
internal import ZeroMQ

/// The approved keys as a running coordinator knows them: read again whenever their file changes.
///
/// Shared between the thread that admits connections and the one that takes their messages.
package final class LiveKeys: Sendable {
  private struct State: Sendable {
    var keys: ApprovedKeys
    /// Of the file as it was when it was read.
    var status: FileStatus?
  }

  private let folder: KeyFolder
  private let state: Mutex<State>
  private let changes = Atomic<Int>(0)

  /// - Throws: Where the list cannot be read, or is open to others.
  package init(_ folder: KeyFolder) throws(KeyringError) {
    self.folder = folder
    let status = FileStatus(folder.approvedFile)
    state = Mutex(State(keys: try folder.approved(), status: status))
  }

  /// Grows with every change that was read.
  package var generation: Int { changes.load(ordering: .acquiring) }

  package var keys: ApprovedKeys { state.withLock(\.keys) }

  /// Looks whether the file has changed, and reads it if so.
  ///
  /// A file that is gone admits nobody. One that cannot be read or understood changes nothing until
  /// it is mended: a slip of the hand must not stop a sweep.
  /// - Returns: A complaint about the file, once for each change.
  @discardableResult
  package func refresh() -> String? {
    state.withLock { state in
      let status = FileStatus(folder.approvedFile)
      guard status != state.status else { return nil }
      state.status = status
      do throws(KeyringError) {
        let keys = try folder.approved()
        guard keys != state.keys else { return nil }
        state.keys = keys
        changes.add(1, ordering: .releasing)
        return nil
      } catch {
        return "\(error); until then the keys approved before stand"
      }
    }
  }
}
