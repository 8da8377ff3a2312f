import CZlib
import Glibc

/// Reads a file through zlib, which passes a file that is not gzip through as it is.
struct GzipSource: ~Copyable {
  private let handle: gzFile
  private let path: String

  init(opening path: String) throws(DatasetError) {
    guard let status = fileStatus(path), status.st_mode & S_IFMT == S_IFREG else {
      let missing = fileStatus(path) == nil && errno == ENOENT
      throw DatasetError(
        missing ? .missing : .unreadable, "opening \(path)",
        problem: missing ? "it does not exist" : "it is not a file that can be read",
        advice: "check the path")
    }
    guard let handle = gzopen(path, "rbe") else {
      throw DatasetError(
        .unreadable, "opening \(path)", problem: String(cString: strerror(errno)),
        advice: "check its permissions")
    }
    gzbuffer(handle, 1 << 18)
    self.handle = handle
    self.path = path
  }

  /// Fills `buffer`, and returns fewer bytes than it holds only at the end of the file.
  func read(into buffer: UnsafeMutableBufferPointer<UInt8>) throws(DatasetError) -> Int {
    var count = 0
    while count < buffer.count, let base = buffer.baseAddress {
      let got = gzread(handle, base + count, UInt32(buffer.count - count))
      if got < 0 { throw failure() }
      if got == 0 { break }
      count += Int(got)
    }
    // A compressed file cut short ends like any other; only the error state tells.
    var code: Int32 = Z_OK
    gzerror(handle, &code)
    if count < buffer.count, code != Z_OK, code != Z_STREAM_END { throw failure() }
    return count
  }

  private func failure() -> DatasetError {
    let systemCode = errno
    var code: Int32 = Z_OK
    var message = gzerror(handle, &code).map { String(cString: $0) } ?? "unknown zlib error"
    // zlib puts the path first, which the caller may not want to be named.
    if message.hasPrefix("\(path): ") { message.removeFirst(path.count + 2) }
    if code == Z_ERRNO {
      return DatasetError(
        .unreadable, "reading \(path)", problem: String(cString: strerror(systemCode)),
        advice: "check the disk it is on")
    }
    return DatasetError(
      code == Z_BUF_ERROR ? .truncated : .corruptGzip, "decompressing \(path)",
      problem: message, advice: "get an intact copy")
  }

  deinit { gzclose_r(handle) }
}
