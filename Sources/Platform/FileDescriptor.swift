internal import Glibc

/// An open file, closed with its owner; not handed down to programs that this one starts.
package struct FileDescriptor: ~Copyable, Sendable {
  package let number: Int32

  /// - Parameters:
  ///   - flags: As of open(2).
  ///   - mode: Permissions of a file that is made, before the process's mask is taken off.
  package init(opening path: String, _ flags: Int32, mode: UInt32 = 0o644) throws(Errno) {
    number = try systemCall { open(path, flags | O_CLOEXEC, mode) }
  }

  deinit { Glibc.close(number) }

  /// Closes it now, and with it lets go of its lock.
  package consuming func close() {}

  package var status: FileStatus {
    get throws(Errno) { try FileStatus(descriptor: number) }
  }

  /// Everything that was written, and the file's size, are on the disk when this returns.
  package func sync() throws(Errno) { try systemCall { fsync(number) } }

  /// Writes all of `bytes` where the last write ended.
  package func write(_ bytes: UnsafeRawBufferPointer) throws(Errno) {
    try writeAll(bytes, to: number)
  }

  package func write(_ bytes: [UInt8]) throws(Errno) { try writeAll(bytes, to: number) }

  /// The rest of the file.
  ///
  /// - Returns: nil where that is more than `limit` bytes.
  package func readAll(atMost limit: Int) throws(Errno) -> [UInt8]? {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = try systemCall { read(number, &buffer, buffer.count) }
      if count == 0 { return bytes }
      bytes += buffer[..<count]
      guard bytes.count <= limit else { return nil }
    }
  }

  /// Takes the exclusive lock of flock(2), which goes with the last descriptor of this opening.
  ///
  /// - Parameter waits: Until whoever holds it lets go.
  /// - Returns: false where somebody else holds it.
  package func lock(waits: Bool) throws(Errno) -> Bool {
    do throws(Errno) {
      try systemCall { flock(number, LOCK_EX | (waits ? 0 : LOCK_NB)) }
      return true
    } catch {
      guard error.kind == .wouldBlock else { throw error }
      return false
    }
  }
}

/// Writes all of `bytes`, however many calls it takes.
///
/// SIGPIPE and SIGXFSZ must be ignored, as ``ProcessSignals/ignoreWriteSignals()`` does.
package func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) throws(Errno) {
  var rest = bytes[...]
  while let base = rest.base.baseAddress, !rest.isEmpty {
    let count = try systemCall { write(descriptor, base + rest.startIndex, rest.count) }
    guard count > 0 else { throw Errno(EIO) }
    rest = rest.dropFirst(count)
  }
}

package func writeAll(_ bytes: [UInt8], to descriptor: Int32) throws(Errno) {
  var failure: Errno?
  bytes.withUnsafeBytes { buffer in
    do throws(Errno) { try writeAll(buffer, to: descriptor) } catch { failure = error }
  }
  if let failure { throw failure }
}

/// The bytes of a file, of a pipe, or of whatever else can be read to its end.
///
/// - Returns: nil where that is more than `limit` bytes.
package func readFile(_ path: String, atMost limit: Int) throws(SystemError) -> [UInt8]? {
  do throws(Errno) {
    return try FileDescriptor(opening: path, O_RDONLY).readAll(atMost: limit)
  } catch {
    throw SystemError("read", path, error)
  }
}
