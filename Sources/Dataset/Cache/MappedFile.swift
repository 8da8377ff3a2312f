import Glibc

/// A file mapped read-only into memory, shared with every process that maps it, for as long as
/// this object lives.
final class MappedFile {
  let path: String
  let bytes: UnsafeBufferPointer<UInt8>
  private let identity: Identity

  /// What changes when somebody writes to a file, or puts another in its place.
  private struct Identity: Equatable {
    let device: UInt64
    let inode: UInt64
    let size: Int
    let seconds: Int
    let nanoseconds: Int

    init(_ status: stat) {
      device = UInt64(status.st_dev)
      inode = UInt64(status.st_ino)
      size = Int(status.st_size)
      seconds = status.st_mtim.tv_sec
      nanoseconds = status.st_mtim.tv_nsec
    }
  }

  init(_ path: String) throws(DatasetError) {
    self.path = path
    do throws(SystemError) {
      let file = try FileDescriptor(opening: path, O_RDONLY)
      let status = try file.status
      guard status.st_mode & S_IFMT == S_IFREG else { throw SystemError(code: EINVAL) }
      identity = Identity(status)
      let size = Int(status.st_size)
      guard size > 0 else {
        bytes = UnsafeBufferPointer(start: nil, count: 0)
        return
      }
      guard
        let address = mmap(nil, size, PROT_READ, MAP_SHARED, file.number, 0),
        address != MAP_FAILED
      else { throw SystemError(code: errno) }
      bytes = UnsafeBufferPointer(start: address.assumingMemoryBound(to: UInt8.self), count: size)
    } catch {
      throw DatasetError(
        error.code == ENOENT ? .missing : .unreadable, "opening the cache file \(path)",
        problem: error.reason, advice: "check the path and its permissions")
    }
  }

  /// Refuses a file that was written to or cut short since it was mapped.
  ///
  /// One that was removed, or replaced by another, is still what is mapped.
  func requireUntouched() throws(DatasetError) {
    guard let now = fileStatus(path).map(Identity.init), now.device == identity.device,
      now.inode == identity.inode, now != identity
    else { return }
    throw DatasetError(
      .digestMismatch, "using \(path)", problem: "it was changed while it was in use",
      advice: "leave the dataset cache alone while a sweep runs")
  }

  deinit {
    if let start = bytes.baseAddress {
      munmap(UnsafeMutableRawPointer(mutating: start), bytes.count)
    }
  }
}
