internal import Glibc

/// Files and folders that their owner alone may read: modes 0600 and 0700.
///
/// What others could read or write is refused: a key that was seen is no proof of anything.
enum PrivateFile {
  private static let others: mode_t = 0o077

  /// The whole of a file, or nil where there is none.
  static func read(_ path: String, atMost limit: Int) throws(KeyringError) -> [UInt8]? {
    // Not blocking: what stands there may be a pipe.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else {
      let code = errno
      if code == ENOENT { return nil }
      throw .system(code, "reading \(path)")
    }
    defer { close(descriptor) }
    // The opened file is judged, whatever its name stands for a moment later.
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .system(errno, "reading \(path)") }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw KeyringError(.malformed, "\(path) is not a file: move it away")
    }
    try requirePrivate(status, path, mend: "chmod 600")
    guard status.st_size <= limit else {
      throw KeyringError(.malformed, "\(path) has \(status.st_size) bytes: that is no key file")
    }
    return try bytes(of: descriptor, path, atMost: limit)
  }

  /// Makes a folder, and those above it, unless it is there; 0700 either way.
  static func makeFolder(_ path: String) throws(KeyringError) {
    var folder = path.hasPrefix("/") ? "" : "."
    for part in path.split(separator: "/") {
      folder += "/\(part)"
      guard mkdir(folder, 0o700) != 0 else { continue }
      let code = errno
      var status = stat()
      guard stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
        throw .system(code == EEXIST ? ENOTDIR : code, "making the folder \(folder)")
      }
    }
    try requireFolder(path)
  }

  /// Refuses a folder that others may enter; one that is not there holds nothing to be seen.
  static func requireFolder(_ path: String) throws(KeyringError) {
    var status = stat()
    guard stat(path, &status) == 0 else {
      if errno == ENOENT { return }
      throw .system(errno, "opening the folder \(path)")
    }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      throw KeyringError(.malformed, "\(path) is not a folder: name another with --keys DIR")
    }
    try requirePrivate(status, path, mend: "chmod 700")
  }

  /// Gives a file new content, all at once: a reader, and a crash, finds the old or the new.
  static func replace(_ path: String, with text: String) throws(KeyringError) {
    let temporary = try write(text, beside: path)
    guard rename(temporary, path) == 0 else {
      let code = errno
      unlink(temporary)
      throw .system(code, "writing \(path)")
    }
    try syncFolder(of: path)
  }

  /// Makes a file unless one of that name is there, also when several processes try at once.
  ///
  /// - Returns: Whether it was made here.
  static func create(_ path: String, with text: String) throws(KeyringError) -> Bool {
    let temporary = try write(text, beside: path)
    defer { unlink(temporary) }
    guard link(temporary, path) == 0 else {
      let code = errno
      if code == EEXIST { return false }
      throw .system(code, "writing \(path)")
    }
    try syncFolder(of: path)
    return true
  }

  private static func requirePrivate(
    _ status: stat, _ path: String, mend: String
  ) throws(KeyringError) {
    let owner = status.st_uid
    guard owner == geteuid() || owner == 0 || geteuid() == 0 else {
      throw KeyringError(.exposed, "\(path) belongs to another user: use a folder of your own")
    }
    guard status.st_mode & others == 0 else {
      let mode = String(status.st_mode & 0o777, radix: 8)
      throw KeyringError(
        .exposed, "\(path) is open to other users (mode \(mode)): \(mend) '\(path)'")
    }
  }

  private static func bytes(
    of descriptor: Int32, _ path: String, atMost limit: Int
  ) throws(KeyringError) -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while bytes.count <= limit {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .system(errno, "reading \(path)") }
      if count == 0 { return bytes }
      bytes += buffer[..<count]
    }
    throw KeyringError(.malformed, "\(path) is too long: that is no key file")
  }

  /// Writes a durable temporary file in the folder of `path`; returns its path.
  private static func write(_ text: String, beside path: String) throws(KeyringError) -> String {
    let token = String(UInt64.random(in: .min ... .max), radix: 36)
    let temporary = "\(folder(of: path))/.writing-\(getpid())-\(token)"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .system(errno, "writing \(path)") }
    defer { close(descriptor) }
    let failure = Array(text.utf8).withUnsafeBytes { bytes -> Int32? in
      var rest = bytes[...]
      while let base = rest.base.baseAddress, !rest.isEmpty {
        let count = Glibc.write(descriptor, base + rest.startIndex, rest.count)
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else { return errno }
        rest = rest.dropFirst(count)
      }
      return fsync(descriptor) == 0 ? nil : errno
    }
    if let failure {
      unlink(temporary)
      throw .system(failure, "writing \(path)")
    }
    return temporary
  }

  /// Makes a name durable.
  private static func syncFolder(of path: String) throws(KeyringError) {
    let descriptor = open(folder(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system(errno, "writing \(path)") }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw .system(errno, "writing \(path)") }
  }

  private static func folder(of path: String) -> String {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    return parts.isEmpty ? "." : parts.joined(separator: "/")
  }
}
