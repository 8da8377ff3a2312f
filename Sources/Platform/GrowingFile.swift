internal import Glibc

/// A file that is made anew, durably, and then only grows or is cut short.
///
/// After a failure it is as long as it was before the call, so that nothing half-written hides what
/// comes behind it.
package final class GrowingFile {
  private let path: String
  private let descriptor: FileDescriptor
  /// Bytes of it that count.
  package private(set) var size: Int

  /// Makes the file with this content, in place of what has its name.
  ///
  /// - Parameter mode: The file's permissions, before the process's mask is taken off.
  package init(replacing path: String, with bytes: [UInt8], mode: UInt32 = 0o600)
    throws(SystemError)
  {
    try DurableFile.replace(path, with: bytes, mode: mode)
    do throws(Errno) {
      descriptor = try FileDescriptor(opening: path, O_RDWR)
    } catch {
      throw SystemError("write", path, error)
    }
    self.path = path
    size = bytes.count
  }

  /// - Parameter syncing: Whether it is on the disk when this returns.
  package func append(_ bytes: [UInt8], syncing: Bool) throws(SystemError) {
    do throws(Errno) {
      try systemCall { lseek(descriptor.number, off_t(size), SEEK_SET) }
      try descriptor.write(bytes)
      if syncing { try systemCall { fdatasync(descriptor.number) } }
    } catch {
      // What cannot be cut off either is written over by the next append.
      try? truncate(to: size)
      throw SystemError("write", path, error)
    }
    size += bytes.count
  }

  package func truncate(to length: Int) throws(SystemError) {
    try systemCall("write", path) { ftruncate(descriptor.number, off_t(length)) }
    size = length
  }
}
