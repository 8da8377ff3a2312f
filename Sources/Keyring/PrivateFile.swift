internal import Glibc
internal import Platform

/// Files and folders that their owner alone may read: modes 0600 and 0700.
///
/// What others could read or write is refused: a key that was seen is no proof of anything.
enum PrivateFile {
  private static let others: UInt32 = 0o077

  /// The whole of a file, or nil where there is none.
  static func read(_ path: String, atMost limit: Int) throws(KeyringError) -> [UInt8]? {
    let found: Result<[UInt8], KeyringError>
    do throws(Errno) {
      // Not blocking: what stands there may be a pipe.
      let file = try FileDescriptor(opening: path, O_RDONLY | O_NONBLOCK | O_NOCTTY)
      // The opened file is judged, whatever its name stands for a moment later.
      found = try bytes(of: file, status: try file.status, path, atMost: limit)
    } catch {
      if error.kind == .missing { return nil }
      throw .system(SystemError("read", path, error))
    }
    return try found.get()
  }

  /// Makes a folder, and those above it, unless it is there; 0700 either way.
  static func makeFolder(_ path: String) throws(KeyringError) {
    do throws(SystemError) {
      try Folder.make(path, mode: 0o700)
    } catch {
      throw .system(error)
    }
    try requireFolder(path)
  }

  /// Refuses a folder that others may enter; one that is not there holds nothing to be seen.
  static func requireFolder(_ path: String) throws(KeyringError) {
    let status: FileStatus
    do throws(Errno) {
      status = try FileStatus.of(path)
    } catch {
      if error.kind == .missing { return }
      throw .system(SystemError("open the folder", path, error))
    }
    guard status.kind == .folder else {
      throw KeyringError(.malformed, "\(path) is not a folder: name another with --keys DIR")
    }
    try requirePrivate(status, path, mend: "chmod 700")
  }

  /// Gives a file new content, all at once: a reader, and a crash, finds the old or the new.
  static func replace(_ path: String, with text: String) throws(KeyringError) {
    do throws(SystemError) {
      try DurableFile.replace(path, with: Array(text.utf8), mode: 0o600)
    } catch {
      throw .system(error)
    }
  }

  /// Makes a file unless one of that name is there, also when several processes try at once.
  ///
  /// - Returns: Whether it was made here.
  static func create(_ path: String, with text: String) throws(KeyringError) -> Bool {
    do throws(SystemError) {
      return try DurableFile.create(path, with: Array(text.utf8), mode: 0o600)
    } catch {
      throw .system(error)
    }
  }

  private static func requirePrivate(
    _ status: FileStatus, _ path: String, mend: String
  ) throws(KeyringError) {
    let owner = status.owner
    guard owner == geteuid() || owner == 0 || geteuid() == 0 else {
      throw KeyringError(.exposed, "\(path) belongs to another user: use a folder of your own")
    }
    guard status.mode & others == 0 else {
      let mode = String(status.mode & 0o777, radix: 8)
      throw KeyringError(
        .exposed, "\(path) is open to other users (mode \(mode)): \(mend) '\(path)'")
    }
  }

  private static func bytes(
    of file: borrowing FileDescriptor, status: FileStatus, _ path: String, atMost limit: Int
  ) throws(Errno) -> Result<[UInt8], KeyringError> {
    guard status.kind == .file else {
      return .failure(KeyringError(.malformed, "\(path) is not a file: move it away"))
    }
    do throws(KeyringError) {
      try requirePrivate(status, path, mend: "chmod 600")
    } catch {
      return .failure(error)
    }
    guard status.size <= limit, let bytes = try file.readAll(atMost: limit) else {
      let size = "\(path) has \(status.size) bytes"
      return .failure(KeyringError(.malformed, "\(size): that is no key file"))
    }
    return .success(bytes)
  }
}
