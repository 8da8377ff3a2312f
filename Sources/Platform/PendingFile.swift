internal import Glibc

/// A file that appears under its name complete and durable, or not at all.
///
/// It is written beside its place under another name, synced, renamed, and its folder synced: after a
/// crash, of this process or of the machine, a reader finds the old content or the new. Any number of
/// processes may write one name at once; the last rename stands. What is never given its name is
/// removed.
package struct PendingFile: ~Copyable {
  /// Files that were being written when their process was killed, in whatever folder.
  package static let prefix = ".writing-"
  /// What a killed process left behind is removed after a day.
  private static let longestSeconds = 86_400

  private let descriptor: FileDescriptor
  private let folder: String
  /// Where its content lies until it has its name.
  package let path: String

  /// Opens a file in `folder`, which must be there.
  ///
  /// - Parameter mode: The file's permissions, before the process's mask is taken off.
  package init(in folder: String, mode: UInt32 = 0o644) throws(SystemError) {
    Self.removeStale(in: folder)
    let token = String(UInt64.random(in: .min ... .max), radix: 36)
    let path = "\(folder)/\(Self.prefix)\(getpid())-\(token)"
    do throws(Errno) {
      descriptor = try FileDescriptor(opening: path, O_RDWR | O_CREAT | O_EXCL, mode: mode)
    } catch {
      throw SystemError("make a file in", folder, error, at: path)
    }
    self.folder = folder
    self.path = path
  }

  deinit {
    // Renamed, it is not there under this name.
    unlink(path)
  }

  package func write(_ bytes: UnsafeRawBufferPointer) throws(SystemError) {
    do throws(Errno) { try descriptor.write(bytes) } catch {
      throw SystemError("write to", folder, error, at: path)
    }
  }

  package func write(_ bytes: [UInt8]) throws(SystemError) {
    do throws(Errno) { try descriptor.write(bytes) } catch {
      throw SystemError("write to", folder, error, at: path)
    }
  }

  /// Makes the content durable and gives the file its name, in place of what had it.
  package consuming func replace(_ name: String) throws(SystemError) -> String {
    let target = "\(folder)/\(name)"
    try sync(as: target)
    try systemCall("write", target) { rename(path, target) }
    try DurableFile.syncFolder(folder)
    return target
  }

  /// Makes the content durable and gives the file its name, unless something has it.
  ///
  /// - Returns: Whether it has the name now.
  package consuming func create(_ name: String) throws(SystemError) -> Bool {
    let target = "\(folder)/\(name)"
    try sync(as: target)
    return try DurableFile.link(path, as: target)
  }

  private func sync(as target: String) throws(SystemError) {
    do throws(Errno) { try descriptor.sync() } catch { throw SystemError("write", target, error) }
  }

  private static func removeStale(in folder: String) {
    let now = time(nil)
    for name in Folder.names(in: folder) where name.hasPrefix(prefix) {
      let path = "\(folder)/\(name)"
      if let status = FileStatus(path), now - status.modified / 1_000_000_000 > longestSeconds {
        unlink(path)
      }
    }
  }
}
