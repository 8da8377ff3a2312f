internal import CLinux
internal import Glibc

/// Bytes in memory that nobody can change any more, whoever holds them: a memory file with seals.
///
/// One copy serves every process that is given its descriptor. It is gone when the last of them has
/// let go of it, however they end.
package final class SealedMemory {
  package let bytes: UnsafeRawBufferPointer
  private let file: OpenFile

  /// To be given to child processes; open as long as this object lives.
  package var descriptor: Int32 { file.descriptor }

  /// Copies what a file holds now.
  ///
  /// - Throws: ENOMEM where less than twice its size is free; whatever reading and writing meet.
  package init(copying path: String) throws(SystemError) {
    let source = try OpenFile(path)
    let size = try source.size
    guard size > 0 else { throw SystemError("copy", path, Errno(ENODATA)) }
    if let available = AvailableMemory.bytes, available / 2 < size {
      throw SystemError("hold a copy in memory of", path, Errno(ENOMEM))
    }
    let copy = OpenFile(
      descriptor: clinux_memory_file("vaesweep-dataset"), path: "a file in memory")
    guard copy.descriptor >= 0 else { throw copy.failure("make") }
    try source.copy(to: copy)
    guard clinux_seal(copy.descriptor) == 0 else { throw copy.failure("seal") }
    bytes = try copy.map()
    file = copy
  }

  /// Takes a descriptor that this process was started with, and owns it from then on.
  ///
  /// - Throws: EPERM where it could still be changed.
  package init(inherited descriptor: Int32) throws(SystemError) {
    guard clinux_is_sealed(descriptor) == 1 else {
      throw SystemError("map", "descriptor \(descriptor), which is not sealed", Errno(EPERM))
    }
    let file = OpenFile(descriptor: descriptor, path: "descriptor \(descriptor)")
    bytes = try file.map()
    self.file = file
  }

  deinit {
    munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
  }
}

/// A descriptor with the name that errors tell, closed with its owner.
private struct OpenFile: ~Copyable {
  private static let piece = 1 << 20

  let descriptor: Int32
  private let path: String

  init(descriptor: Int32, path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  init(_ path: String) throws(SystemError) {
    self.init(descriptor: open(path, O_RDONLY | O_CLOEXEC), path: path)
    guard descriptor >= 0 else { throw failure("open") }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  var size: Int {
    get throws(SystemError) {
      var status = stat()
      guard fstat(descriptor, &status) == 0 else { throw failure("look at") }
      return Int(status.st_size)
    }
  }

  func failure(_ operation: String) -> SystemError {
    SystemError(operation, path, Errno(errno))
  }

  func copy(to other: borrowing OpenFile) throws(SystemError) {
    var buffer = [UInt8](repeating: 0, count: Self.piece)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw failure("read") }
      guard count > 0 else { return }
      var rest = buffer[..<count]
      while !rest.isEmpty {
        let written = rest.withUnsafeBytes { write(other.descriptor, $0.baseAddress, $0.count) }
        if written < 0, errno == EINTR { continue }
        guard written > 0 else { throw other.failure("write to") }
        rest = rest.dropFirst(written)
      }
    }
  }

  func map() throws(SystemError) -> UnsafeRawBufferPointer {
    let count = try size
    guard count > 0, let start = mmap(nil, count, PROT_READ, MAP_SHARED, descriptor, 0),
      start != MAP_FAILED
    else { throw failure("map") }
    return UnsafeRawBufferPointer(start: start, count: count)
  }
}
