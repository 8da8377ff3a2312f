internal import Glibc

/// Changes of files that a power cut cannot take back once they have returned.
package enum DurableFile {
  /// Gives a file new content, all at once.
  ///
  /// - Parameter mode: The file's permissions, before the process's mask is taken off.
  package static func replace(_ path: String, with bytes: [UInt8], mode: UInt32 = 0o644)
    throws(SystemError)
  {
    let file = try PendingFile(in: Path.folder(of: path), mode: mode)
    try file.write(bytes)
    _ = try file.replace(Path.name(of: path))
  }

  /// Makes a file unless one of that name is there, also when several processes try at once.
  ///
  /// - Returns: Whether it was made here.
  package static func create(_ path: String, with bytes: [UInt8], mode: UInt32 = 0o644)
    throws(SystemError) -> Bool
  {
    let file = try PendingFile(in: Path.folder(of: path), mode: mode)
    try file.write(bytes)
    return try file.create(Path.name(of: path))
  }

  /// Gives a file or a folder another name, in place of what had it.
  package static func rename(_ path: String, to target: String) throws(SystemError) {
    try systemCall("rename", path) { Glibc.rename(path, target) }
    let folders = (Path.folder(of: path), Path.folder(of: target))
    try syncFolder(folders.1)
    if folders.0 != folders.1 { try syncFolder(folders.0) }
  }

  /// Gives a file that is complete and durable one more name, unless something has it.
  ///
  /// - Returns: Whether it has the name now.
  package static func link(_ path: String, as target: String) throws(SystemError) -> Bool {
    do throws(Errno) {
      try systemCall { Glibc.link(path, target) }
    } catch {
      if error.kind == .exists { return false }
      throw SystemError("write", target, error)
    }
    try syncFolder(Path.folder(of: target))
    return true
  }

  /// Makes the names in a folder durable: without it, a cut brings back what was removed or renamed.
  package static func syncFolder(_ folder: String) throws(SystemError) {
    do throws(Errno) {
      try FileDescriptor(opening: folder, O_RDONLY | O_DIRECTORY).sync()
    } catch {
      // Some file systems have nothing to sync in a folder.
      if error.rawValue == EINVAL { return }
      throw SystemError("make durable what changed in", folder, error)
    }
  }
}
