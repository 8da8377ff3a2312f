import Glibc
import Platform

/// A file of the cache, which appears under its name complete and durable, or not at all.
///
/// Any number of processes may write the same name at once; the last rename wins, and since cache
/// files are named by their content all of them are right.
struct AtomicFile: ~Copyable {
  private let file: PendingFile
  private let folder: String
  /// Where its content is until it is committed.
  var path: String { file.path }

  /// Opens a temporary file in `folder`, which is created if need be.
  init(in folder: String) throws(DatasetError) {
    self.folder = folder
    do throws(Platform.SystemError) {
      try Folder.make(folder)
      file = try PendingFile(in: folder)
    } catch {
      throw unwritable(error)
    }
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(DatasetError) {
    do throws(Platform.SystemError) { try file.write(bytes) } catch { throw unwritable(error) }
  }

  func write(_ bytes: [UInt8]) throws(DatasetError) {
    do throws(Platform.SystemError) { try file.write(bytes) } catch { throw unwritable(error) }
  }

  /// Makes the content durable and gives the file its name; returns its path.
  consuming func commit(as name: String) throws(DatasetError) -> String {
    do throws(Platform.SystemError) {
      return try file.replace(name)
    } catch {
      throw unwritable(error)
    }
  }
}

/// Creates `path` and the folders above it.
func createFolder(_ path: String) throws(DatasetError) {
  do throws(Platform.SystemError) { try Folder.make(path) } catch { throw unwritable(error) }
}

private func unwritable(_ error: Platform.SystemError) -> DatasetError {
  let isFull = error.kind == .noRoom || error.kind == .fileTooLarge
  return DatasetError(
    isFull ? .diskFull : .unwritable, "cannot \(error.action) \(error.subject)",
    problem: error.problem,
    advice: isFull
      ? "free some space, or set XDG_CACHE_HOME to a folder on another disk"
      : "set XDG_CACHE_HOME to a folder that can be written")
}
