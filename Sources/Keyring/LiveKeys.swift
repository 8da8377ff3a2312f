internal import Glibc
internal import Synchronization
internal import ZeroMQ

/// The approved keys as a running coordinator knows them: read again whenever their file changes.
///
/// Shared between the thread that admits connections and the one that takes their messages.
package final class LiveKeys: Sendable {
  /// Enough of `stat` to tell that a file was replaced or written to.
  private struct Stamp: Equatable, Sendable {
    var device: dev_t
    var inode: ino_t
    var size: off_t
    var mode: mode_t
    var changed: [Int]

    init?(_ path: String) {
      var status = stat()
      guard stat(path, &status) == 0 else { return nil }
      device = status.st_dev
      inode = status.st_ino
      size = status.st_size
      mode = status.st_mode
      changed = [
        status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_ctim.tv_sec,
        status.st_ctim.tv_nsec,
      ]
    }
  }

  private struct State: Sendable {
    var keys: ApprovedKeys
    var stamp: Stamp?
  }

  private let folder: KeyFolder
  private let state: Mutex<State>
  private let changes = Atomic<Int>(0)

  /// - Throws: Where the list cannot be read, or is open to others.
  package init(_ folder: KeyFolder) throws(KeyringError) {
    self.folder = folder
    let stamp = Stamp(folder.approvedFile)
    state = Mutex(State(keys: try folder.approved(), stamp: stamp))
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
      let stamp = Stamp(folder.approvedFile)
      guard stamp != state.stamp else { return nil }
      state.stamp = stamp
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
