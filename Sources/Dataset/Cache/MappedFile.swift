import Glibc

/// A file mapped read-only into memory, shared with every process that maps it, for as long as
/// this object lives.
final class MappedFile {
  let bytes: UnsafeBufferPointer<UInt8>

  init(_ path: String) throws(DatasetError) {
    do throws(SystemError) {
      let file = try FileDescriptor(opening: path, O_RDONLY)
      let status = try file.status
      guard status.st_mode & S_IFMT == S_IFREG else { throw SystemError(code: EINVAL) }
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

  deinit {
    if let start = bytes.baseAddress {
      munmap(UnsafeMutableRawPointer(mutating: start), bytes.count)
    }
  }
}
